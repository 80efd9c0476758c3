// Where a listing has its page.

const pages: Record<string, string> = { offer: '/offers/', demand: '/demands/', campaign: '/gifts/' };

/** The page of a listing; a truck on offer has none of its own and is found by what it is called. */
export function pageOf(kind: string, id: string, title: string): string {
  return kind in pages ? pages[kind] + id : `/search?kinds=${kind}&q=${encodeURIComponent(title)}`;
}
