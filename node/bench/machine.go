package bench

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

func describeMachine(ctx context.Context) Machine {
	return Machine{
		CPU:        processorName(ctx),
		Processors: runtime.NumCPU(),
		OS:         runtime.GOOS,
		Arch:       runtime.GOARCH,
		Go:         runtime.Version(),
	}
}

// processorName is what the system calls the processor, "unknown" where it does
// not say.
func processorName(ctx context.Context) string {
	if runtime.GOOS == "darwin" {
		if name, err := exec.CommandContext(ctx, "sysctl", "-n", "machdep.cpu.brand_string").Output(); err == nil {
			return strings.TrimSpace(string(name))
		}
	}
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	return modelName(string(text))
}

// modelName finds the model of the first processor in Linux's list.
func modelName(list string) string {
	for line := range strings.Lines(list) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
