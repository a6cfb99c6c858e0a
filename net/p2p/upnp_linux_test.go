package p2p

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// ssdpGroup is where devices are asked for (UPnP Device Architecture 1.1).
var ssdpGroup = &net.UDPAddr{IP: net.IPv4(239, 255, 255, 250), Port: 1900}

// What a gateway is, in the words of UPnP.
const (
	connectionDevice  = "urn:schemas-upnp-org:device:WANConnectionDevice:1"
	connectionService = "urn:schemas-upnp-org:service:WANIPConnection:1"
)

const gatewayDescription = `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>router</friendlyName><UDN>uuid:1</UDN>
<deviceList><device><deviceType>` + connectionDevice + `</deviceType><friendlyName>connection</friendlyName><UDN>uuid:2</UDN>
<serviceList><service><serviceType>` + connectionService + `</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<SCPDURL>/scpd</SCPDURL><controlURL>/control</controlURL><eventSubURL>/events</eventSubURL></service></serviceList>
</device></deviceList></device></root>`

// A gateway is the side of a router that speaks UPnP: it is found, and maps ports.
type gateway struct {
	address, outside string

	mu     sync.Mutex
	mapped map[string]string // "UDP 1234" outside to "192.168.1.2:16111 60s"
	asked  map[string]int    // actions
}

// Gateway makes the room a router at an address that has another one outside.
func (r *Room) Gateway(between []string, _ *int) error {
	g := &gateway{address: between[0], outside: between[1], mapped: map[string]string{}, asked: map[string]int{}}
	r.gateway = g
	group, err := net.ListenMulticastUDP("udp4", nil, ssdpGroup)
	if err != nil {
		return err
	}
	door, err := net.Listen("tcp", g.address+":5000")
	if err != nil {
		return err
	}
	go g.beFound(group)
	go http.Serve(door, g)
	return nil
}

// A Ledger is what a gateway was asked for.
type Ledger struct {
	Mapped []string
	Asked  map[string]int
}

// Mappings tells what the gateway maps.
func (r *Room) Mappings(_ int, l *Ledger) error {
	g := r.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	l.Asked = g.asked
	for outside, inside := range g.mapped {
		l.Mapped = append(l.Mapped, outside+" to "+inside)
	}
	slices.Sort(l.Mapped)
	return nil
}

// Close ends a host.
func (r *Room) Close(name string, _ *int) error {
	r.hosts[name].end(r.t)
	return nil
}

// beFound answers who looks for gateways.
func (g *gateway) beFound(c *net.UDPConn) {
	packet := make([]byte, 2048)
	for {
		n, from, err := c.ReadFromUDP(packet)
		if err != nil {
			return
		}
		search, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(packet[:n])))
		if err != nil || search.Method != "M-SEARCH" || search.Header.Get("ST") != connectionDevice {
			continue
		}
		answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nEXT:\r\nLOCATION: http://%s:5000/description\r\nST: %s\r\nUSN: uuid:2::%[2]s\r\n\r\n", g.address, connectionDevice)
		c.WriteToUDP([]byte(answer), from)
	}
}

// action is the body of a SOAP envelope, of any of the few actions.
type action struct {
	Body struct {
		Do struct {
			XMLName  xml.Name
			Outside  string `xml:"NewExternalPort"`
			Protocol string `xml:"NewProtocol"`
			Port     string `xml:"NewInternalPort"`
			Client   string `xml:"NewInternalClient"`
			Lease    string `xml:"NewLeaseDuration"`
		} `xml:",any"`
	} `xml:"Body"`
}

// ServeHTTP describes the gateway, and does as it is told.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/description" {
		io.WriteString(w, gatewayDescription)
		return
	}
	var a action
	if err := xml.NewDecoder(r.Body).Decode(&a); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name, results := a.Body.Do.XMLName.Local, ""
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked[name]++
	outside := a.Body.Do.Protocol + " " + a.Body.Do.Outside
	switch name {
	case "GetNATRSIPStatus":
		results = "<NewRSIPAvailable>0</NewRSIPAvailable><NewNATEnabled>1</NewNATEnabled>"
	case "GetExternalIPAddress":
		results = "<NewExternalIPAddress>" + g.outside + "</NewExternalIPAddress>"
	case "AddPortMapping":
		g.mapped[outside] = fmt.Sprintf("%s:%s %ss", a.Body.Do.Client, a.Body.Do.Port, a.Body.Do.Lease)
	case "DeletePortMapping":
		delete(g.mapped, outside)
	}
	w.Header().Set("Content-Type", `text/xml; charset="utf-8"`)
	fmt.Fprintf(w, `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:%sResponse xmlns:u="%s">%s</u:%[1]sResponse></s:Body></s:Envelope>`, name, connectionService, results)
}

// A node behind a router that speaks UPnP has it map its ports, tells the address
// outside, asks anew before the lease is over, and gives the ports back.
func TestRouterMapsPorts(t *testing.T) {
	rooms := newRooms(t, "router", "home")
	router, home := rooms["router"], rooms["home"]
	cable(t, router, "192.168.1.1/24", home, "192.168.1.2/24")
	router.ip("route add default dev " + home.name) // multicast, too, goes somewhere
	home.ip("route add default via 192.168.1.1")
	call[[]string, int](router, "Gateway", []string{"192.168.1.1", "31.1.0.2"})
	call[Tenant, string](home, "Open", Tenant{Name: "node", Listen: "0.0.0.0:16111", Discovery: Discovery{PortMap: true}})
	ledger := func() Ledger { return call[int, Ledger](router, "Mappings", 0) }
	within(t, time.Minute, "both ports to be mapped", func() bool { return len(ledger().Mapped) == 2 })
	var port string
	for i, protocol := range []string{"TCP", "UDP"} {
		outside, inside, _ := strings.Cut(strings.TrimPrefix(ledger().Mapped[i], protocol+" "), " to ")
		if port = outside; inside != "192.168.1.2:16111 60s" {
			t.Errorf("mapped is %s", ledger().Mapped[i])
		}
	}
	within(t, time.Minute, "the node to tell its address outside", func() bool {
		return slices.ContainsFunc(call[string, []string](home, "Addrs", "node"), func(a string) bool {
			return strings.HasPrefix(a, "/ip4/31.1.0.2/") && strings.Contains(a, "/"+port)
		})
	})
	before := ledger().Asked["AddPortMapping"]
	within(t, time.Minute, "the ports to be asked for anew", func() bool { return ledger().Asked["AddPortMapping"] >= before+2 })
	if got := ledger().Mapped; len(got) != 2 {
		t.Errorf("renewed are %v", got)
	}
	call[string, int](home, "Close", "node")
	if got := ledger().Mapped; len(got) != 0 {
		t.Errorf("after the node's end these are mapped: %v", got)
	}
}
