package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;

/**
 * The rules of a .dockerignore file, or of {@code --exclude} flags: which paths of a folder are left out. The last rule that
 * matches decides; a rule with {@code !} takes paths back in; what matches a folder holds for all that is in it.
 *
 * <p>Paths are relative to the folder, with slashes, without a leading one.
 */
public final class IgnorePatterns {
    /** Leaves nothing out. */
    public static final IgnorePatterns NONE = new IgnorePatterns(List.of());

    /**
     * @param line where the rule stands, from 1
     * @param text the rule as written, spaces around it left off
     */
    public record Rule(int line, String text) {}

    private final List<IgnoreRule> rules;
    private final boolean takesBack;

    private IgnorePatterns(List<IgnoreRule> rules) {
        this.rules = List.copyOf(rules);
        this.takesBack = rules.stream().anyMatch(IgnoreRule::takesBack);
    }

    /**
     * Reads a .dockerignore file: a rule a line; lines that begin with {@code #} are comments, a byte order mark is
     * dropped, a leading slash means nothing.
     *
     * @throws IllegalArgumentException a rule that is none; the message names rule and line
     */
    public static IgnorePatterns parse(String file) {
        List<IgnoreRule> rules = new ArrayList<>();
        int number = 0;
        for (String line : file.split("\n", -1)) {
            String content = number++ == 0 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (!content.startsWith("#")) {
                addRule(rules, number, GoText.trim(content));
            }
        }
        return new IgnorePatterns(rules);
    }

    /**
     * The same rules from a list, such as the values of {@code --exclude}; a rule's line is its place in the list.
     *
     * @throws IllegalArgumentException a pattern that is none
     */
    public static IgnorePatterns of(List<String> patterns) {
        List<IgnoreRule> rules = new ArrayList<>();
        for (int at = 0; at < patterns.size(); at++) {
            addRule(rules, at + 1, GoText.trim(patterns.get(at)));
        }
        return new IgnorePatterns(rules);
    }

    private static void addRule(List<IgnoreRule> rules, int line, String text) {
        if (!text.isEmpty()) {
            try {
                rules.add(IgnoreRule.compile(new Rule(line, text)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + " (line " + line + ")", e);
            }
        }
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether the path is left out, by itself or with a folder that it is in. */
    public boolean ignores(String path) {
        return hiddenBy(path).isPresent();
    }

    /** The rule because of which the path is left out: the one that had the last word. */
    public Optional<Rule> hiddenBy(String path) {
        List<String> parents = parents(path);
        Rule hiding = null;
        for (IgnoreRule rule : rules) {
            if (rule.takesBack() == (hiding != null)
                    && (rule.matches(path) || parents.stream().anyMatch(rule::matches))) {
                hiding = rule.takesBack() ? null : rule.source();
            }
        }
        return Optional.ofNullable(hiding);
    }

    private static List<String> parents(String path) {
        String parent = GoPath.dir(path);
        List<String> parents = new ArrayList<>();
        if (!parent.equals(".")) {
            for (int slash = parent.indexOf('/'); slash >= 0; slash = parent.indexOf('/', slash + 1)) {
                parents.add(parent.substring(0, slash));
            }
            parents.add(parent);
        }
        return parents;
    }

    /** The start of a walk: the folder itself, of which nothing is known yet. */
    public Walk walk() {
        return new Walk(new boolean[rules.size()], Optional.empty());
    }

    /**
     * What is known of one folder or file while a tree is walked from the top, so that a rule that matched a folder need
     * not be tried again on all that is in it. Immutable.
     */
    public final class Walk {
        private final boolean[] matched;
        private final Optional<Rule> hiding;

        private Walk(boolean[] matched, Optional<Rule> hiding) {
            this.matched = matched;
            this.hiding = hiding;
        }

        /** @param path of the child, relative to where the walk began */
        public Walk child(String path) {
            boolean[] matchedByChild = new boolean[matched.length];
            Optional<Rule> hidingChild = Optional.empty();
            for (int at = 0; at < matched.length; at++) {
                IgnoreRule rule = rules.get(at);
                boolean match = matched[at] || (rule.takesBack() == hidingChild.isPresent() && rule.matches(path));
                matchedByChild[at] = match;
                if (match) {
                    hidingChild = rule.takesBack() ? Optional.empty() : Optional.of(rule.source());
                }
            }
            return new Walk(matchedByChild, hidingChild);
        }

        public boolean ignored() {
            return hiding.isPresent();
        }

        /**
         * The rule because of which it is left out. It may be left out where {@link IgnorePatterns#hiddenBy} says that it is
         * not: a rule with {@code !} that matches a folder which nothing hides is forgotten inside, as it is in moby's walk.
         */
        public Optional<Rule> hiddenBy() {
            return hiding;
        }

        /**
         * Whether the walk has to go into this folder, because something in it may be left in.
         *
         * @param path of the folder
         */
        public boolean mayHoldOthers(String path) {
            return !ignored() || (takesBack && rules.stream().anyMatch(rule -> rule.mayTakeBackInside(path)));
        }
    }
}
