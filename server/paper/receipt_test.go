package paper

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"jishi/server/measure"
)

// What is on the page is read back by another program than the one that drew it.
func TestReceiptReadsBack(t *testing.T) {
	t.Parallel()
	r := Receipt{Number: "2020-000001", Donor: "爱心企业（甲）Ltd", Fen: 59_856_00, Campaign: "十吨苹果送武汉", NamedUse: "免费给两家医院的医护和病人，" + strings.Repeat("很长的用途", 12),
		Entry: "06f2m3", PaidAt: 1_580_601_600_000, IssuedAt: 1_580_688_000_000} // 2020-02-02 and 02-03, 08:00 in China
	file, err := r.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > 200_000 {
		t.Errorf("the file has %d bytes: the whole font is in it", len(file))
	}
	again, err := r.PDF()
	if err != nil || !bytes.Equal(again, file) {
		t.Error("the same receipt is another file the second time")
	}
	text := read(t, file)
	for _, want := range []string{"捐赠收据", "Donationreceipt", "No.2020-000001", "2020-000001", "爱心企业（甲）Ltd", "¥59,856.00(CNY)", "人民币伍万玖仟捌佰伍拾陆元整", "十吨苹果送武汉",
		"免费给两家医院的医护和病人", "2020-02-02", "2020-02-03", "06f2m3", "不是财政部门监制"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page:\n%s", want, text)
		}
	}
}

func TestCharactersNoFontHas(t *testing.T) {
	t.Parallel()
	file, err := Receipt{Donor: "𠮷田😀家", Fen: measure.Fen(1)}.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if text := read(t, file); !strings.Contains(text, "〓田〓家") {
		t.Error(text)
	}
}

// read gives the text of a PDF as poppler sees it, without its white space.
func read(t *testing.T, file []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (Debian's poppler-utils) is not here; scripts/need.sh brings it")
	}
	cmd := exec.CommandContext(t.Context(), tool, "-enc", "UTF-8", "-", "-")
	cmd.Stdin = bytes.NewReader(file)
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), "")
}
