package mot

import (
	"fmt"
	"reflect"
)

// FormError is a field of a form that the ministry's system would not take.
type FormError struct {
	Field   string `json:"field"`  // "VehicleInfo.Driver[0].DrivingLicense"
	Format  string `json:"format"` // as the guide writes it: "an..18"
	Problem string `json:"problem"`
}

// Check compares every field of a form with the format in its tag, in the order of the form. A tag that can't be read is a
// mistake of this package and panics.
func Check(form any) []FormError {
	return check(nil, "", reflect.ValueOf(form))
}

func check(wrong []FormError, path string, v reflect.Value) []FormError {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name := path + field.Name
		tag := field.Tag.Get("mot")
		switch field.Type.Kind() {
		case reflect.Struct:
			if field.Name != "XMLName" {
				wrong = check(wrong, name+".", v.Field(i))
			}
		case reflect.Slice:
			if tag == "must" && v.Field(i).Len() == 0 {
				wrong = append(wrong, FormError{Field: name, Format: "list", Problem: "missing"})
			}
			for n := range v.Field(i).Len() {
				wrong = check(wrong, fmt.Sprintf("%s[%d].", name, n), v.Field(i).Index(n))
			}
		default:
			wrong = checkText(wrong, name, tag, v.Field(i).String())
		}
	}
	return wrong
}

func checkText(wrong []FormError, name, tag, value string) []FormError {
	f, err := parseFormat(tag)
	if err != nil {
		panic("mot: " + name + ": " + err.Error())
	}
	if problem := f.problem(value); problem != "" {
		wrong = append(wrong, FormError{Field: name, Format: tag, Problem: problem})
	}
	return wrong
}
