// Package mot writes the four forms that road freight sends to the transport ministry's system: waybill, cash-flow sheet,
// vehicle sheet and driver sheet (网络货运 电子运单, 资金流水单, 车辆基本信息, 驾驶员基本信息).
//
// Field names, order and formats are those of the ministry's access guide as coded by two public uploader programs
// (github.com/huangyaping9455/internet-freight-platform, domain classes of 2020-12-31, and the PHP message classes of
// wlhywebservice); what VehicleAmount and SerialNumber mean is quoted from the first one's ShippingNote. A format stands in each field's tag: an..35 is text of at most 35 characters, an18 of exactly 18, n14
// a number of exactly 14 digits, n..18,3 a number of at most 18 digits, three of them behind a point that does not count.
// "must" marks a field that may not be empty. Check compares a form with its tags.
//
// The guide measures a volume in "DMQ 立方米", which contradicts itself: DMQ is the cubic decimetre. It is read as that.
package mot
