package org.layerbook.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.history.HistoryEntry;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager;

/** The cells of this session that were to be kept, in the order they ran. Thread-safe. */
final class History implements HistoryManager {
    /** The number of this session: there is no other. */
    static final int SESSION = 1;

    private final List<HistoryEntry> entries = new ArrayList<>();

    /** @param output the text of its results, empty when it had none */
    synchronized void add(int number, String code, String output) {
        entries.add(new HistoryEntry(SESSION, number, code, output));
    }

    /** @param session 0 is this one, and so is its own number */
    @Override
    public synchronized List<HistoryEntry> lookupRange(int session, int start, int stop, Set<ResultFlag> flags) {
        if (session != 0 && session != SESSION) {
            return List.of();
        }
        return select(
                entry -> entry.getCellNumber() >= start && entry.getCellNumber() < stop, Integer.MAX_VALUE, flags);
    }

    @Override
    public synchronized List<HistoryEntry> lookupTail(int length, Set<ResultFlag> flags) {
        return select(entry -> true, length, flags);
    }

    @Override
    public synchronized List<HistoryEntry> search(String pattern, int length, Set<ResultFlag> flags) {
        Pattern glob = glob(pattern);
        return select(entry -> glob.matcher(entry.getInput()).matches(), length, flags);
    }

    private List<HistoryEntry> select(Predicate<HistoryEntry> wanted, int length, Set<ResultFlag> flags) {
        List<HistoryEntry> found = entries.stream()
                .filter(wanted)
                .map(entry -> flags.contains(ResultFlag.INCLUDE_OUTPUT) ? entry : withoutOutput(entry))
                .toList();
        if (flags.contains(ResultFlag.UNIQUE)) {
            found = newestOfEach(found);
        }
        return found.subList(Math.max(0, found.size() - length), found.size());
    }

    private static HistoryEntry withoutOutput(HistoryEntry entry) {
        return new HistoryEntry(entry.getSession(), entry.getCellNumber(), entry.getInput(), null);
    }

    private static List<HistoryEntry> newestOfEach(List<HistoryEntry> found) {
        var byInput = new LinkedHashMap<String, HistoryEntry>();
        found.forEach(entry -> byInput.putLast(entry.getInput(), entry));
        return List.copyOf(byInput.values());
    }

    /** SQLite's GLOB, as the protocol has it: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a-z]}. */
    private static Pattern glob(String pattern) {
        var regex = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int close = c == '[' ? pattern.indexOf(']', at + 2) : -1;
            if (close > 0) {
                String set = pattern.substring(at + 1, close)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&&", "&\\&");
                regex.append('[').append(set).append(']');
                at = close;
            } else {
                regex.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(String.valueOf(c));
                        });
            }
            at++;
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
