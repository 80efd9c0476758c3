package app

import (
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sources are packages of ours as the compiler sees them. What is not ours is left empty: of it no fault comes.
type sources struct {
	t     *testing.T
	files *token.FileSet
	info  types.Info
	read  map[string]*types.Package
	funcs map[types.Object]*ast.FuncDecl
}

const ours = "jishi/server/"

func readSources(t *testing.T, packages ...string) *sources {
	t.Helper()
	s := &sources{t, token.NewFileSet(), types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}},
		map[string]*types.Package{}, map[types.Object]*ast.FuncDecl{}}
	for _, p := range packages {
		if _, err := s.Import(ours + p); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Import reads a package of ours; it makes sources a types.Importer.
func (s *sources) Import(path string) (*types.Package, error) {
	if p := s.read[path]; p != nil {
		return p, nil
	}
	below, is := strings.CutPrefix(path, ours)
	if !is {
		empty := types.NewPackage(path, filepath.Base(path))
		empty.MarkComplete()
		s.read[path] = empty
		return empty, nil
	}
	dir := filepath.Join("..", filepath.FromSlash(below))
	list, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var parsed []*ast.File
	for _, name := range list.GoFiles {
		f, err := parser.ParseFile(s.files, filepath.Join(dir, name), nil, 0)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
	}
	c := types.Config{Importer: s, Error: func(error) {}} // what is not ours can't be found
	s.read[path], _ = c.Check(path, s.files, parsed, &s.info)
	for _, f := range parsed {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				s.funcs[s.info.Defs[fn.Name]] = fn
			}
		}
	}
	return s.read[path], nil
}

// function finds one by its package, its receiver's type ("" for none) and its name.
func (s *sources) function(pkg, receiver, name string) types.Object {
	s.t.Helper()
	for o, d := range s.funcs {
		if o.Pkg().Path() != ours+pkg || o.Name() != name || (receiver == "") != (d.Recv == nil) {
			continue
		}
		if receiver == "" || strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*") == receiver {
			return o
		}
	}
	s.t.Fatalf("no function %s of %q in %s", name, receiver, pkg)
	return nil
}

// codes gives the codes of all faults that are made by functions or by what these use, at any depth.
func (s *sources) codes(from ...types.Object) []string {
	found, seen := map[string]bool{}, map[types.Object]bool{}
	for len(from) > 0 {
		at := from[0]
		from = from[1:]
		d := s.funcs[at]
		if d == nil || seen[at] || at.Pkg().Path() == ours+"fault" {
			continue
		}
		seen[at] = true
		ast.Inspect(d.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if used := s.info.Uses[n]; used != nil {
					from = append(from, used)
				}
			case *ast.CallExpr:
				if code := s.made(n); code != "" {
					found[code] = true
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// made gives the code of a call that makes a fault, "" for any other call. A code that is not written out can't be listed.
func (s *sources) made(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	made := s.info.Uses[sel.Sel]
	if made == nil || made.Pkg() == nil || made.Pkg().Path() != ours+"fault" || made.Name() != "New" && made.Name() != "At" {
		return ""
	}
	v := s.info.Types[call.Args[1]].Value
	if v == nil {
		s.t.Errorf("%s: the code of this fault is not written out", s.files.Position(call.Pos()))
		return "?"
	}
	return constant.StringVal(v)
}
