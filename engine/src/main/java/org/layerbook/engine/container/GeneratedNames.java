package org.layerbook.engine.container;

import java.util.List;
import java.util.random.RandomGenerator;

/** Names for containers that nobody has named: two words that are easy to say and to type. */
final class GeneratedNames {
    private static final List<String> QUALITIES = List.of(
            "able", "bold", "brave", "bright", "brisk", "calm", "candid", "cheerful", "clever", "cosy", "crisp", "curious",
            "daring", "eager", "earnest", "fair", "fond", "frank", "gentle", "glad", "graceful", "handy", "happy", "hardy",
            "honest", "jolly", "keen", "kind", "lively", "loyal", "lucid", "mellow", "merry", "modest", "neat", "nimble",
            "patient", "placid", "plucky", "polite", "proud", "quick", "quiet", "ready", "serene", "sharp", "silent", "sincere",
            "sleek", "smart", "snug", "solid", "spry", "steady", "sturdy", "sunny", "swift", "tidy", "trusty", "upbeat",
            "vivid", "warm", "wise", "witty");

    private static final List<String> PEOPLE = List.of(
            "archimedes", "babbage", "boole", "cantor", "church", "codd", "curie", "descartes", "dijkstra", "einstein", "erdos",
            "euclid", "euler", "faraday", "fermat", "feynman", "fourier", "galileo", "galois", "gauss", "germain", "goedel",
            "hamilton", "hamming", "hedy", "hilbert", "hoare", "hopper", "huffman", "hypatia", "kepler", "kleene", "knuth",
            "kolmogorov", "lamport", "laplace", "leibniz", "liskov", "lovelace", "maxwell", "mccarthy", "meitner", "mendel",
            "minsky", "naur", "neumann", "newton", "noether", "pascal", "pasteur", "perlis", "planck", "ramanujan", "riemann",
            "ritchie", "shannon", "sinclair", "tesla", "thompson", "torvalds", "turing", "wiles", "wirth", "zuse");

    private GeneratedNames() {}

    /** @param attempt how many were taken already */
    static String any(RandomGenerator random, int attempt) {
        String name = QUALITIES.get(random.nextInt(QUALITIES.size())) + "_" + PEOPLE.get(random.nextInt(PEOPLE.size()));
        return attempt == 0 ? name : name + random.nextInt(10);
    }
}
