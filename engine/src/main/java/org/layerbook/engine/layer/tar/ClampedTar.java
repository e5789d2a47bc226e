package org.layerbook.engine.layer.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Hands a layer's tar on with no time in it that is later than a given one. Everything else stays byte for byte, so that
 * the result is the tar of the same tree with those times.
 */
public final class ClampedTar extends OutputStream {
    private static final int BLOCK = TarWriter.BLOCK;
    private static final int SIZE = 124;
    private static final int MTIME = 136;
    private static final int NUMBER = 12;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int BASE_256 = 0x80;
    private static final Set<String> TIMES = Set.of("mtime", "atime", "ctime");

    private final OutputStream out;
    private final long latest;
    private final byte[] block = new byte[BLOCK];
    private int filled;
    /** Bytes of the current member that are still to come, with its padding. */
    private long left;
    /** The records of a member to come, where they are being read. */
    private ByteArrayOutputStream pax;

    private byte[] paxHeader;
    private boolean clampNext;

    /** @param out not closed; @param latest in seconds */
    public ClampedTar(OutputStream out, long latest) {
        this.out = out;
        this.latest = Math.max(0, latest);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int end = from + length;
        while (at < end) {
            if (left > 0) {
                int part = (int) Math.min(left, end - at);
                (pax == null ? out : pax).write(bytes, at, part);
                left -= part;
                at += part;
                if (left == 0 && pax != null) {
                    records();
                }
                continue;
            }
            int part = Math.min(BLOCK - filled, end - at);
            System.arraycopy(bytes, at, block, filled, part);
            filled += part;
            at += part;
            if (filled == BLOCK) {
                filled = 0;
                header();
            }
        }
    }

    private void header() throws IOException {
        long size = number(SIZE);
        left = (size + BLOCK - 1) / BLOCK * BLOCK;
        if (block[TYPE] == 'x') {
            pax = new ByteArrayOutputStream();
            paxHeader = block.clone();
            return;
        }
        boolean isHeader = block[0] != 0;
        if (isHeader && (clampNext || number(MTIME) > latest)) {
            octal(block, MTIME, latest);
            checksum(block);
        }
        clampNext = false;
        out.write(block);
    }

    /** Times that are too late are left out: the header then has them. */
    private void records() throws IOException {
        int size = (int) number(paxHeader, SIZE);
        byte[] all = Arrays.copyOf(pax.toByteArray(), size);
        pax = null;
        var kept = new ByteArrayOutputStream();
        for (int at = 0; at < size; ) {
            int space = at;
            while (all[space] != ' ') {
                space++;
            }
            int length = Integer.parseInt(new String(all, at, space - at, StandardCharsets.US_ASCII));
            String record = new String(all, space + 1, length - (space - at) - 2, StandardCharsets.ISO_8859_1);
            int equals = record.indexOf('=');
            String key = record.substring(0, equals);
            if (TIMES.contains(key) && Double.parseDouble(record.substring(equals + 1)) > latest) {
                clampNext |= key.equals("mtime");
            } else {
                kept.write(all, at, length);
            }
            at += length;
        }
        if (kept.size() == 0) {
            return;
        }
        octal(paxHeader, SIZE, kept.size());
        checksum(paxHeader);
        out.write(paxHeader);
        out.write(kept.toByteArray());
        out.write(new byte[(BLOCK - kept.size() % BLOCK) % BLOCK]);
    }

    private long number(int at) {
        return number(block, at);
    }

    private static long number(byte[] header, int at) {
        if ((header[at] & BASE_256) != 0) {
            long value = header[at] & 0x7f;
            for (int i = 1; i < NUMBER; i++) {
                value = value << 8 | header[at + i] & 0xff;
            }
            return value;
        }
        String digits = new String(header, at, NUMBER, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    private static void octal(byte[] header, int at, long value) {
        byte[] digits = String.format("%011o", value).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, at, NUMBER - 1);
        header[at + NUMBER - 1] = 0;
    }

    private static void checksum(byte[] header) {
        byte[] ending = Arrays.copyOfRange(header, CHECKSUM + 6, CHECKSUM + 8);
        Arrays.fill(header, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        byte[] digits = String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, CHECKSUM, digits.length);
        System.arraycopy(ending, 0, header, CHECKSUM + 6, ending.length);
    }
}
