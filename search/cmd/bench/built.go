package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// seed makes the market; another seed makes other indexes.
const seed = 1

// built tells what filling an engine took, and how far it came. It lies beside the indexes, so that a build that was cut off goes
// on, and a later run measures the requests alone.
type built struct {
	Seed    int           `json:"seed"`
	N       int           `json:"n"`
	Done    int           `json:"done"`  // documents put; N once it was swapped in
	Spent   time.Duration `json:"spent"` // ns in the engine, over all runs
	Disk    int64         `json:"disk_bytes"`
	Memory  int64         `json:"memory_bytes"` // of heap
	On      string        `json:"on"`           // day it was finished
	path    string
	swapped bool
}

// begun reads what is known of an engine's index of n listings in a folder.
func begun(dir, engine string, n int) (*built, error) {
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.json", engine, n))
	b := &built{Seed: seed, N: n, path: path}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal(data, b)
	}
	if err == nil && (b.Seed != seed || b.N != n) {
		err = fmt.Errorf("%s tells of %d listings of seed %d; %d of seed %d are wanted", path, b.N, b.Seed, n, seed)
	}
	b.swapped = b.On != ""
	return b, err
}

// save writes it in one step.
func (b *built) save() error {
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.path+".new", append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(b.path+".new", b.path)
}

// rate gives the documents a second.
func (b *built) rate() float64 { return float64(b.Done) / b.Spent.Seconds() }
