// Ways to write, in a URL, a place that is not public. `PORT` stands for the port of a trap on this machine.

const at = (hosts: string): readonly string[] =>
  hosts
    .trim()
    .split(/\s+/)
    .map((host) => `http://${host}:PORT/`);

/** Every one of these is this machine to a URL parser, and would reach the trap if it were let. */
export const THIS_MACHINE: readonly string[] = [
  ...at(`127.0.0.1 127.0.1 127.1 127.0.0.1. 127.1. 127.0.0.2 127.127.127.127 127.255.255.254 127.000.000.001 127.0.0.01`),
  ...at(`0177.0.0.1 00177.0.0.1 0000177.0.0.1 0177.00.00.01 0177.1 0177.0.1 017700000001 0177.0.0.0x1 0177.0x0.0.1`),
  ...at(`0x7f.0.0.1 0x7F.0.0.1 0X7f.0.0.1 0x7f.0x0.0x0.0x1 0x7f.1 0x7f.0.1 0x0000007f.1 0x7f000001 0x7F000001 0x007f000001 0X7F.0X1`),
  ...at(`2130706433 2130706434 127.0x1 127.0.0x1 0x7f.0.0.01 127.01 0x7f.01 0177.0x1 0x7f000001.`),
  ...at(`%31%32%37.0.0.1 127%2e0%2e0%2e1 127.0.0%2E1 %30%78%37%66.1 127.0.0.%31 %32130706433`),
  ...at(`127。0。0。1 127．0．0．1 127｡0｡0｡1 127。1 0x7f。1 127.0.0.1。 127｡0．0。1`),
  ...at(`１２７.0.0.1 １２７．０．０．１ ①②⑦.⓪.⓪.① ⑫7.0.0.1 ¹²⁷.0.0.1 𝟏𝟐𝟕.𝟎.𝟎.𝟏 𝟙𝟚𝟟.𝟘.𝟘.𝟙 ０x7f.1 0ｘ7f.1 127.0.0.\u00ad1 127.0.0\u200b.1`),
  ...at(`0.0.0.0 0 0x0 00 0.0 0.0.0 0x0.0x0 0000 000.000.000.000 %30 ０ 0.0.0.0.`),
  ...at(`[::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1] [::0.0.0.1] [0:0::0:1]`),
  ...at(`[::] [0:0:0:0:0:0:0:0] [0::0] [::0] [::0.0.0.0]`),
  ...at(
    `[::ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:7f00:1] [::ffff:7f00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:127.0.0.2] [::ffff:0.0.0.0]`,
  ),
  'http:\\\\127.0.0.1:PORT\\',
  'http:/127.0.0.1:PORT/',
  'http:127.0.0.1:PORT/',
  'http:////127.0.0.1:PORT/',
  'HTTP://127.0.0.1:PORT',
  'hTtP:\\/127.1:PORT',
  ' http://127.0.0.1:PORT/ ',
  'ht\ntp://127.0.0.1:PORT/',
  'http://127.0.\t0.1:PORT/',
  'http://127.0.0.1:\nPORT/',
  'http://127.0.0.1:PORT?@public.test/',
  'http://127.0.0.1:PORT#@public.test/',
  'http://127.0.0.1:PORT/@public.test/',
  'http://127.0.0.1:PORT\\@public.test/',
  'http://127.0.0.1:0PORT/',
  'http://@127.0.0.1:PORT/',
  'http://:@127.0.0.1:PORT/',
];

/** Addresses that are not public, and not this machine: written plainly, hidden in others, and spelt to slip by. */
export const NOT_PUBLIC: readonly string[] = [
  ...at(`10.0.0.1 10.255.255.255 10.1 0xa.0.0.1 012.0.0.1 167772161 172.16.0.1 172.31.255.255 0xac.0x10.0.1 2886729729 172.1048577`),
  ...at(`192.168.0.1 192.168.1 192.168.255.255 0xc0.0xa8.0.1 0300.0250.0.1 3232235521 100.64.0.1 100.127.255.255 1681915905`),
  ...at(
    `169.254.0.1 169.254.169.254 169.254.43518 169.16689662 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 2852039166 0xa9fea9fe 025177524776`,
  ),
  ...at(`169.254.169.254. 169。254。169。254 １６９.254.169.254 %3169.254.169.254 169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192`),
  ...at(
    `224.0.0.1 239.255.255.250 255.255.255.255 4294967295 0xffffffff 240.0.0.1 192.0.0.1 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1`,
  ),
  ...at(`198.19.255.255 192.88.99.1 0.1.2.3`),
  ...at(
    `[::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:192.168.0.1] [::ffff:8.8.8.8] [::127.0.0.1] [::7f00:1] [::10.0.0.1]`,
  ),
  ...at(`[::ffff:0:127.0.0.1] [::ffff:0:7f00:1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b::10.0.0.1]`),
  ...at(
    `[64:ff9b:1::127.0.0.1] [64:ff9b:1:7f00:0:100::] [64:ff9b:1:fffe::1] [2002:7f00:1::] [2002:7f00:0001::1] [2002:a9fe:a9fe::1] [2002:a00:1::]`,
  ),
  ...at(`[2001:0:4136:e378:8000:63bf:80ff:fffe] [2001::1] [2001:0:7f00:1::] [2001:2::1] [2001:10::1] [2001:20::1] [2001:db8::1] [3fff::1]`),
  ...at(`[fe80::1] [fe80::7f00:1] [febf::1] [fec0::1] [fc00::1] [fd00::1] [fd12:3456:789a::1] [fd00:ec2::254] [fd20:ce::254]`),
  ...at(`[ff02::1] [ff05::2] [ff0e::1] [100::1] [5f00::1] [4000::1] [8000::1] [1::1] [::2] [::ffff:ffff:ffff] [0100:0:0:1::]`),
  ...at(`[fe80::1%25eth0] [fe80::1%eth0] [fe80::1%251] [::1%25lo] [::1%lo] [::1%250]`),
];

/** Names; the spec's resolver says that each of them is this machine. */
export const NAMES: readonly string[] = [
  ...at(
    `localhost LOCALHOST LocalHost localhost. localhost.. %6cocalhost ⓛocalhost ｌｏｃａｌｈｏｓｔ loc\u00adalhost localhost.localdomain`,
  ),
  ...at(`app.localhost a.b.localhost. ip6-localhost ip6-loopback localtest.me 127.0.0.1.nip.io www.127-0-0-1.sslip.io 7f000001.rbndr.test`),
  ...at(
    `127.0.0.1.. 0x7f000001.. 127.0.0.1.example metadata metadata.google.internal METADATA.google.internal. metadata。google。internal`,
  ),
  ...at(
    `metadata.goog metadata.azure.internal metadata.tencentyun.com instance-data instance-data.ec2.internal rancher-metadata public.test`,
  ),
  ...at(`bücher.test xn--bcher-kva.test kubernetes.default.svc host.docker.internal router.lan`),
];

/** What is refused for how it is written: users and passwords in front of the host, other protocols, and what is no URL. */
export const MALFORMED: readonly string[] = [
  'http://public.test@127.0.0.1:PORT/',
  'http://public.test:80@127.0.0.1:PORT/',
  'http://user:password@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT@public.test/',
  'http://public.test%2f@127.0.0.1:PORT/',
  'http://public.test&@127.0.0.1:PORT#@public.test/',
  'http://user@[::1]:PORT/',
  'http://127.0.0.1:PORT:80/',
  'http://127.0.0.1:PORT@[::1]:PORT/',
  'http://256.256.256.256:PORT/',
  'http://127.0.0.1.1:PORT/',
  'http://0x7f.0x0.0x0.0x100:PORT/',
  'http://[::1:PORT/',
  'http://[127.0.0.1]:PORT/',
  'http://[::ffff:127.0.0.1.2]:PORT/',
  'http://127.0.0.1%00.public.test:PORT/',
  'http://127.0.0.1 :PORT/',
  'http://.:PORT/',
  'http://..:PORT/',
  'http://%2e:PORT/',
  'http://',
  'http:',
  '',
  '//127.0.0.1:PORT/',
  '/etc/passwd',
  '127.0.0.1:PORT',
  'localhost:PORT',
  'ftp://127.0.0.1:PORT/',
  'file:///etc/passwd',
  'file://127.0.0.1:PORT/',
  'gopher://127.0.0.1:PORT/_GET',
  'dict://127.0.0.1:PORT/',
  'ldap://127.0.0.1:PORT/',
  'ws://127.0.0.1:PORT/',
  'wss://127.0.0.1:PORT/',
  'unix:///var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/',
  'data:text/plain,hello',
  'javascript:alert(1)',
  'blob:http://127.0.0.1:PORT/1',
  'about:blank',
  'view-source:http://127.0.0.1:PORT/',
  'jar:http://127.0.0.1:PORT!/',
];

/** A spelling with its port filled in. */
export function spelt(spelling: string, port: number): string {
  return spelling.replaceAll('PORT', String(port));
}
