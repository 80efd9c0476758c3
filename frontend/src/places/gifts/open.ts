/** States in which a campaign takes money and orders; while its donors are asked about another use it takes no more. */
export const takes = ['open', 'funded', 'buying', 'shipping', 'delivered'];
