/** Ranges of addresses, prepared for being asked whether an address lies in them. */
import { BlockList, isIP } from "node:net";

/** Whether an address lies in what it stands for. */
export type NetworkList = (address: string) => boolean;

/**
 * Prepares ranges for being asked again and again. An IPv4 address is the same in its IPv6 spelling.
 * @param ranges CIDR ranges, checked before
 */
export function networkList(ranges: readonly string[]): NetworkList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  let [last, isIn] = ["", false];
  return (address) => {
    // A key is mostly used from one place.
    if (address !== last) [last, isIn] = [address, contains(list, address)];
    return isIn;
  };
}

function contains(list: BlockList, address: string): boolean {
  const [bare = ""] = address.split("%");
  return isIP(bare) !== 0 && list.check(bare, familyOf(bare));
}

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
