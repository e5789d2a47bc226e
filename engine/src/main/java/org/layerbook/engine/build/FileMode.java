package org.layerbook.engine.build;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code --chmod} says: permissions in octal, or changes to what a file has, as {@code chmod(1)} reads them. */
sealed interface FileMode {
    /**
     * @param current {@code 07777} of the file
     * @return {@code 07777} after it
     */
    int apply(int current, boolean isDirectory);

    record Octal(int permissions) implements FileMode {
        @Override
        public int apply(int current, boolean isDirectory) {
            return permissions;
        }
    }

    record Symbolic(List<Change> changes) implements FileMode {
        public Symbolic {
            changes = List.copyOf(changes);
        }

        @Override
        public int apply(int current, boolean isDirectory) {
            int mode = current;
            for (Change change : changes) {
                mode = change.apply(mode, isDirectory);
            }
            return mode;
        }
    }

    /**
     * One operation on some classes.
     *
     * @param who bits of the classes meant, {@code 0700 | 04000} for the user and so on
     * @param operator {@code +}, {@code -} or {@code =}
     * @param permissions letters of {@code rwxXst}, or one of {@code ugo}: what that class has
     */
    record Change(int who, char operator, String permissions) {
        private static final int SET_IDS = 06000;
        private static final int STICKY = 01000;

        int apply(int mode, boolean isDirectory) {
            int bits = bits(mode, isDirectory) & who;
            return switch (operator) {
                case '+' -> mode | bits;
                case '-' -> mode & ~bits;
                default -> (mode & ~who) | bits;
            };
        }

        private int bits(int mode, boolean isDirectory) {
            int bits = 0;
            for (char c : permissions.toCharArray()) {
                bits |= switch (c) {
                    case 'r' -> 0444;
                    case 'w' -> 0222;
                    case 'x' -> 0111;
                    case 'X' -> isDirectory || (mode & 0111) != 0 ? 0111 : 0;
                    case 's' -> SET_IDS;
                    case 't' -> STICKY;
                    case 'u' -> ((mode >> 6) & 7) * 0111;
                    case 'g' -> ((mode >> 3) & 7) * 0111;
                    default -> (mode & 7) * 0111;
                };
            }
            return bits;
        }
    }

    Pattern CLAUSE = Pattern.compile("([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)");
    Pattern OPERATION = Pattern.compile("([-+=])([rwxXst]*|[ugo])");

    /** @throws IllegalArgumentException with BuildKit's sentence where it has one */
    static FileMode parse(String text) {
        if (text.matches("[0-7]+")) {
            if (text.length() > 11 || Long.parseLong(text, 8) > 07777) {
                throw notOctal(text);
            }
            return new Octal(Integer.parseInt(text, 8));
        }
        if (text.matches("[+-]?[0-9]+.*")) {
            throw notOctal(text);
        }
        var changes = new ArrayList<Change>();
        for (String clause : text.split(",", -1)) {
            Matcher matcher = CLAUSE.matcher(clause);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("invalid chmod parameter: '" + text
                        + "'. it should be an octal string between 0 and 07777, or symbolic, such as u=rwX,go=rX");
            }
            int who = classes(matcher.group(1));
            Matcher operation = OPERATION.matcher(matcher.group(2));
            while (operation.find()) {
                changes.add(new Change(who, operation.group(1).charAt(0), operation.group(2)));
            }
        }
        return new Symbolic(changes);
    }

    private static IllegalArgumentException notOctal(String text) {
        return new IllegalArgumentException(
                "invalid chmod parameter: '" + text + "'. it should be octal string and between 0 and 07777");
    }

    private static int classes(String letters) {
        if (letters.isEmpty() || letters.contains("a")) {
            return 07777;
        }
        int who = 0;
        for (char c : letters.toCharArray()) {
            who |= switch (c) {
                case 'u' -> 04700;
                case 'g' -> 02070;
                default -> 01007;
            };
        }
        return who;
    }
}
