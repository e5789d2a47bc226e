package org.layerbook.engine.builder.fetch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a ref of a repository names.
 *
 * @param name in full ({@code refs/heads/main}); empty for a commit that was named by its hash
 * @param hash of the commit, or of an annotated tag
 * @param commit that an annotated tag points to
 */
public record GitRevision(Optional<String> name, String hash, Optional<String> commit) {
    private static final Pattern DEFAULT_BRANCH = Pattern.compile("ref: (refs/heads/\\S+)\\s+HEAD");
    private static final String PEELED = "^{}";

    static GitRevision ofHash(String hash) {
        return new GitRevision(Optional.empty(), hash, Optional.empty());
    }

    static GitRevision ofName(String name, String hash) {
        return new GitRevision(Optional.of(name), hash, Optional.empty());
    }

    /** @param listing of {@code git ls-remote --symref}; empty where HEAD is no branch */
    static Optional<GitRevision> ofDefaultBranch(String listing) {
        Matcher branch = DEFAULT_BRANCH.matcher(listing);
        String hash = hashes(listing).get("HEAD");
        return branch.find() && hash != null ? Optional.of(ofName(branch.group(1), hash)) : Optional.empty();
    }

    /**
     * A name in full, then a branch, then a tag.
     *
     * @param listing of {@code git ls-remote}
     */
    static Optional<GitRevision> of(String ref, String listing) {
        Map<String, String> hashes = hashes(listing);
        String tag = below("refs/tags/", ref);
        String branch = below("refs/heads/", ref);
        for (String name : new String[] {below("refs/", ref), branch}) {
            if (hashes.containsKey(name) && !name.equals(tag)) {
                return Optional.of(ofName(name, hashes.get(name)));
            }
        }
        return Optional.ofNullable(hashes.get(tag))
                .map(hash -> new GitRevision(Optional.of(tag), hash, Optional.ofNullable(hashes.get(tag + PEELED))));
    }

    private static String below(String folder, String ref) {
        return ref.startsWith(folder) ? ref : folder + ref;
    }

    private static Map<String, String> hashes(String listing) {
        var hashes = new HashMap<String, String>();
        listing.lines()
                .map(line -> line.split("\t", 2))
                .filter(parts -> parts.length == 2 && !parts[0].startsWith("ref: "))
                .forEach(parts -> hashes.putIfAbsent(parts[1], parts[0]));
        return hashes;
    }

    /** Whether the hash of the tag or of its commit begins with {@code checksum}. */
    boolean isCalled(String checksum) {
        return hash.startsWith(checksum)
                || commit.filter(one -> one.startsWith(checksum)).isPresent();
    }

    /** For messages. */
    String hashes() {
        return commit.map(one -> hash + " or " + one).orElse(hash);
    }

    /** What decides the files; of {@code .git} more does. */
    public String key(boolean withGitDir) {
        return withGitDir ? hash + name.map(one -> " as " + one).orElse("") : commit.orElse(hash);
    }
}
