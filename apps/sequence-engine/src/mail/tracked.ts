import type { TrackedMail, TrackingLinks } from '#libs/tracking';

const LINK = /(<a\b[^>]*?\bhref\s*=\s*)(["'])(https?:[^"']*)\2/gi;

/** HTML whose links lead through the tracking redirect, with the pixel at its end. */
export function tracked(html: string, mail: TrackedMail, links: TrackingLinks): string {
  const rewritten = html.replace(LINK, (whole, before: string, quote: string, url: string) => {
    const target = URL.parse(url.replaceAll('&amp;', '&'));
    return target === null ? whole : `${before}${quote}${links.click(mail, target.href)}${quote}`;
  });
  const pixel = `<img src="${links.pixel(mail)}" width="1" height="1" alt="">`;
  const end = rewritten.search(/<\/body\s*>/i);
  return end < 0 ? rewritten + pixel : rewritten.slice(0, end) + pixel + rewritten.slice(end);
}
