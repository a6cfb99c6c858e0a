package node

import (
	"os"
	"path/filepath"
	"strings"
)

// powerSupplies is where Linux tells of power supplies; elsewhere it is missing,
// and nothing is known of batteries.
const powerSupplies = "/sys/class/power_supply"

// onBattery reports whether a battery is being drained and nothing is plugged
// in.
func onBattery(dir string) bool {
	supplies, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return false
	}
	drained := false
	for _, supply := range supplies {
		says := func(file string) string {
			text, _ := os.ReadFile(filepath.Join(supply, file)) // what is missing says nothing
			return strings.TrimSpace(string(text))
		}
		if says("type") != "Battery" && says("online") == "1" {
			return false
		}
		drained = drained || says("type") == "Battery" && says("status") == "Discharging"
	}
	return drained
}
