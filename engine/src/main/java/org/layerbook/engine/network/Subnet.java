package org.layerbook.engine.network;

import java.util.Optional;

/**
 * Addresses of IPv4 that begin alike.
 *
 * @param base the lowest, as a number of 32 bits
 * @param bits how many bits they share
 * @param gateway of them
 */
public record Subnet(int base, int bits, int gateway) {
    private static final int FULL = 32;

    public Subnet {
        if (bits < 1 || bits > FULL - 2) {
            throw new IllegalArgumentException("a subnet has between 1 and 30 bits, not " + bits);
        }
        base &= mask(bits);
    }

    /** @param text {@code 172.18.0.0/16} @param gateway absent for the first address */
    public static Subnet parse(String text, Optional<String> gateway) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("invalid CIDR address: " + text);
        }
        int bits;
        try {
            bits = Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid CIDR address: " + text, e);
        }
        int base = address(text.substring(0, slash)) & mask(bits);
        return new Subnet(base, bits, gateway.map(Subnet::address).orElse(base + 1));
    }

    /** @throws IllegalArgumentException when it is none of IPv4 */
    public static int address(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("invalid IP address: " + text);
        }
        int address = 0;
        for (String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
                throw new IllegalArgumentException("invalid IP address: " + text);
            }
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    private static int mask(int bits) {
        return bits == 0 ? 0 : -1 << FULL - bits;
    }

    public boolean contains(int address) {
        return (address & mask(bits)) == base;
    }

    public boolean overlaps(Subnet other) {
        int shared = mask(Math.min(bits, other.bits));
        return (base & shared) == (other.base & shared);
    }

    /** How many addresses there are, those that name the subnet and all of it included. */
    public long size() {
        return 1L << FULL - bits;
    }

    /** {@code 172.18.0.0/16}. */
    @Override
    public String toString() {
        return text(base) + "/" + bits;
    }
}
