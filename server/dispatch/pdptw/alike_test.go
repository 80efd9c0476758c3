package pdptw

import (
	"reflect"
	"testing"
)

// Vehicles that differ in anything but their name are not alike: what holds for one is not taken for the other.
func TestAlikeLooksAtEveryField(t *testing.T) {
	t.Parallel()
	kind := reflect.TypeFor[Vehicle]()
	for i := range kind.NumField() {
		name := kind.Field(i).Name
		var a, b Vehicle
		change(t, name, reflect.ValueOf(&b).Elem().Field(i))
		if got, want := alike(&a, &b), name == "ID"; got != want {
			t.Errorf("vehicles of another %s are alike: %t", name, got)
		}
	}
}

// change gives a field another value than its zero.
func change(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Struct:
		change(t, name, v.Field(0))
	default:
		t.Fatalf("%s is of a kind that the test does not know: %s", name, v.Kind())
	}
}
