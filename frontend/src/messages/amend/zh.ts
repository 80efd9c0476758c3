/** What may be done with an order on its way, apart from yes and no. */
export const zh = {
  'amend.draft': '这是定期订单出的草稿，卖方还没有收到。发出时按当时的价格、存货和限额。',
  'amend.send': '发出订单',
  'amend.standing': '看定期订单',
} as const;
