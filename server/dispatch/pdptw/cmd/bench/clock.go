package main

import (
	"fmt"
	"syscall"
	"time"
)

// clockOf gives the clock that limits and measures a run: "wall", or "cpu" for the processor time of this process, which
// other work on the machine doesn't eat up.
func clockOf(name string) (func() time.Time, error) {
	switch name {
	case "wall":
		return time.Now, nil
	case "cpu":
		return cpuNow, nil
	}
	return nil, fmt.Errorf("-clock is wall or cpu, not %q", name)
}

func cpuNow() time.Time {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Now()
	}
	return time.Unix(0, u.Utime.Nano()+u.Stime.Nano())
}
