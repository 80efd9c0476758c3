package sheet

import "jishi/server/fault"

// RowFault is what is wrong in one cell: the row as the file counts it (the header is 1), and the head of its column.
type RowFault struct {
	Row    int    `json:"row"`
	Column string `json:"column"`
	Code   string `json:"code"`
	Args   []any  `json:"args,omitempty"`
	Text   string `json:"text"`
}

// FaultIn gives the fault of an error at a cell; nil for an error that is no fault of a person.
func FaultIn(row int, column string, err error) *RowFault {
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	return &RowFault{Row: row, Column: column, Code: f.Code, Args: f.Args, Text: f.Text}
}
