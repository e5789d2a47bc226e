package org.layerbook.engine.dockerfile;

import java.util.Optional;

/** Encodings that files have by mistake, mostly because an editor or a shell of Windows wrote them. */
public final class TextEncoding {
    private static final int SAMPLE = 64;
    private static final int SHORTEST = 8;

    private TextEncoding() {}

    /**
     * Says which encoding a file has that should be UTF-8, and how to convert it.
     *
     * @param name of the file, for the command line
     * @return a sentence; empty where the text may well be UTF-8
     */
    public static Optional<String> problem(byte[] text, String name) {
        return of(text).map(encoding -> "it is " + encoding.replaceFirst("[LB]E$", "")
                + " text, but must be UTF-8; convert it with: iconv -f " + encoding + " -t UTF-8 " + name + " > " + name
                + ".utf8");
    }

    /** As iconv calls it. */
    private static Optional<String> of(byte[] text) {
        if (begins(text, 0xFF, 0xFE, 0, 0) || begins(text, 0, 0, 0xFE, 0xFF)) {
            return Optional.of("UTF-32");
        }
        if (begins(text, 0xFF, 0xFE) || begins(text, 0xFE, 0xFF)) {
            return Optional.of("UTF-16");
        }
        if (hasZeros(text, 1) && !hasZeros(text, 0)) {
            return Optional.of("UTF-16LE");
        }
        return hasZeros(text, 0) && !hasZeros(text, 1) ? Optional.of("UTF-16BE") : Optional.empty();
    }

    private static boolean begins(byte[] text, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= text.length || (text[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether every second byte is zero, as it is where a text without a mark has English words. */
    private static boolean hasZeros(byte[] text, int from) {
        int end = Math.min(text.length, SAMPLE);
        for (int i = from; i < end; i += 2) {
            if (text[i] != 0) {
                return false;
            }
        }
        return end >= SHORTEST;
    }
}
