package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.golang.GoText;

/**
 * The value of {@code --chmod}: octal digits, or the clauses of chmod(1), {@code u=rwX,go-w}. Where nobody is named
 * ({@code +x}), everybody is meant: there is no umask.
 */
public final class ChmodMode {
    private static final int ALL_BITS = 07777;
    private static final int SET_USER = 04000;
    private static final int SET_GROUP = 02000;
    private static final int STICKY = 01000;
    private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)");
    private static final Pattern ACTION = Pattern.compile("([-+=])([rwxXst]+|[ugo]|)");

    /** One {@code who operator what}; {@code who} a mask of the permission bits of those meant. */
    private record Action(int who, char operator, String what) {}

    private final String text;
    private final List<Action> actions;

    private ChmodMode(String text, List<Action> actions) {
        this.text = text;
        this.actions = List.copyOf(actions);
    }

    /** @throws IllegalArgumentException in BuildKit's words */
    public static ChmodMode parse(String text) {
        if (text.matches("[0-7]+")) {
            String digits = text.replaceFirst("^0+(?=.)", "");
            if (digits.length() > 4) {
                throw invalid(text);
            }
            return new ChmodMode(text, List.of(new Action(ALL_BITS, '=', digits)));
        }
        if (text.isEmpty() || Character.isDigit(text.charAt(0))) {
            throw invalid(text);
        }
        List<Action> actions = new ArrayList<>();
        for (String clause : text.split(",", -1)) {
            Matcher match = CLAUSE.matcher(clause);
            if (!match.matches()) {
                throw new IllegalArgumentException("invalid mode: " + GoText.quote(text));
            }
            Matcher action = ACTION.matcher(match.group(2));
            while (action.find()) {
                actions.add(new Action(who(match.group(1)), action.group(1).charAt(0), action.group(2)));
            }
        }
        return new ChmodMode(text, actions);
    }

    /** The same for all octal numbers of one value; clauses as they are written. */
    public String canonical() {
        return text.matches("[0-7]+") ? text.replaceFirst("^0+(?=.)", "") : text;
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "invalid chmod parameter: '" + text + "'. it should be octal string and between 0 and 07777");
    }

    private static int who(String letters) {
        if (letters.isEmpty() || letters.contains("a")) {
            return 0777;
        }
        return (letters.contains("u") ? 0700 : 0)
                | (letters.contains("g") ? 0070 : 0)
                | (letters.contains("o") ? 0007 : 0);
    }

    /**
     * The mode that a file gets.
     *
     * @param mode its permission bits so far, with set-user, set-group and sticky bit
     */
    public int apply(int mode, boolean directory) {
        int changed = mode & ALL_BITS;
        for (Action action : actions) {
            if (action.who() == ALL_BITS) {
                return Integer.parseInt(action.what(), 8);
            }
            int bits = bits(action, changed, directory);
            int special = special(action);
            changed = switch (action.operator()) {
                case '+' -> changed | bits | special;
                case '-' -> changed & ~(bits | special);
                default -> (changed & ~(action.who() | specialOf(action.who()))) | bits | special;
            };
        }
        return changed;
    }

    private static int bits(Action action, int mode, boolean directory) {
        int one = 0;
        for (char letter : action.what().toCharArray()) {
            one |= switch (letter) {
                case 'r' -> 4;
                case 'w' -> 2;
                case 'x' -> 1;
                case 'X' -> directory || (mode & 0111) != 0 ? 1 : 0;
                case 'u' -> mode >> 6 & 7;
                case 'g' -> mode >> 3 & 7;
                case 'o' -> mode & 7;
                default -> 0;
            };
        }
        return (one << 6 | one << 3 | one) & action.who();
    }

    private static int special(Action action) {
        int bits = 0;
        if (action.what().contains("s")) {
            bits |= ((action.who() & 0700) != 0 ? SET_USER : 0) | ((action.who() & 0070) != 0 ? SET_GROUP : 0);
        }
        return action.what().contains("t") ? bits | STICKY : bits;
    }

    /** The special bits that {@code =} takes away with the permissions of {@code who}. */
    private static int specialOf(int who) {
        return ((who & 0700) != 0 ? SET_USER : 0) | ((who & 0070) != 0 ? SET_GROUP : 0) | (who == 0777 ? STICKY : 0);
    }

    @Override
    public String toString() {
        return text;
    }
}
