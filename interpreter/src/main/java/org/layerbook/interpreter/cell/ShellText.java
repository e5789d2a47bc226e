package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One complete piece of shell: a simple command, a list of them, or a compound one over several lines.
 *
 * @param end where it ends in the text that was read, the last line end excluded
 * @param open what it ends inside of, when it is not complete
 */
public record ShellText(String text, List<ShellToken> tokens, int end, Optional<String> open, int openAt) {
    /** What {@code docker compose} was before it was docker's. */
    public static final String COMPOSE = "docker-compose";

    /** Programs whose commands this session carries out itself. */
    static final Set<String> PROGRAMS = Set.of("docker", "podman", "hadolint", COMPOSE);

    private static final Set<String> OPENING = Set.of("if", "for", "while", "until", "select", "case", "{");
    private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");
    private static final Set<String> CONTINUING = Set.of("then", "do", "else", "elif", "!", "time", "in");
    private static final Set<String> PREFIXES =
            Set.of("sudo", "env", "exec", "command", "nohup", "xargs", "time", "nice", "watch", "then", "do", "else");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=");
    private static final Set<String> LIST_OPERATORS = Set.of("|", "||", "&&", "|&");

    public ShellText {
        tokens = List.copyOf(tokens);
    }

    /** Reads from {@code from} to the line end at which a shell would run what it has. */
    public static ShellText read(String text, int from) {
        var lexer = new ShellLexer(text, from);
        var tokens = new ArrayList<ShellToken>();
        int end = from;
        while (true) {
            int before = lexer.position();
            List<ShellToken> next = lexer.next();
            if (next.isEmpty()) {
                end = text.length();
                break;
            }
            if (next.getFirst() instanceof ShellToken.LineEnd(int start)) {
                if (tokens.isEmpty()) {
                    continue;
                }
                boolean heredoc = next.size() > 1 || lexer.open().isPresent();
                if (depth(tokens) <= 0 && !continues(tokens)) {
                    tokens.addAll(next.subList(1, next.size()));
                    end = heredoc ? trimLineEnd(text, lexer.position()) : start;
                    break;
                }
            }
            tokens.addAll(next);
            end = Math.max(before, lexer.position());
        }
        Optional<String> open = lexer.open().map(ShellLexer.Open::what);
        if (open.isEmpty() && depth(tokens) > 0) {
            open = Optional.of("compound command");
        } else if (open.isEmpty() && continues(tokens)) {
            open = Optional.of("list of commands");
        }
        int openAt = lexer.open().map(ShellLexer.Open::start).orElse(from);
        int stop = Math.max(from, end);
        return new ShellText(text.substring(from, stop), tokens, stop, open, openAt);
    }

    private static int trimLineEnd(String text, int position) {
        return position > 0 && text.charAt(position - 1) == '\n' ? position - 1 : position;
    }

    /** Whether the last token asks for more, after however many empty lines: {@code a |}, {@code a &&}. */
    private static boolean continues(List<ShellToken> tokens) {
        return tokens.reversed().stream()
                .filter(token -> !(token instanceof ShellToken.LineEnd))
                .findFirst()
                .filter(token -> token instanceof ShellToken.Operator(String operator, int ignored)
                        && LIST_OPERATORS.contains(operator))
                .isPresent();
    }

    private static int depth(List<ShellToken> tokens) {
        int depth = 0;
        int caseDepth = 0;
        boolean commandPosition = true;
        for (ShellToken token : tokens) {
            if (token instanceof ShellToken.Operator(String operator, int ignored)) {
                if (operator.equals("(")) {
                    depth++;
                } else if (operator.equals(")") && caseDepth == 0) {
                    depth--;
                }
                commandPosition = !((ShellToken.Operator) token).isRedirection();
                continue;
            }
            if (token instanceof ShellToken.LineEnd) {
                commandPosition = true;
                continue;
            }
            String word = token.plainWord().orElse("");
            if (commandPosition && OPENING.contains(word)) {
                depth++;
                caseDepth += word.equals("case") ? 1 : 0;
                commandPosition = !word.equals("for") && !word.equals("case") && !word.equals("select");
            } else if (commandPosition && CLOSING.contains(word)) {
                depth--;
                caseDepth -= word.equals("esac") ? 1 : 0;
            } else {
                commandPosition = commandPosition && CONTINUING.contains(word);
            }
        }
        return depth;
    }

    /** Only words: no operator, nothing substituted. The words, {@code sudo} before docker taken off. */
    public Optional<List<ShellWord>> simpleCommand() {
        var words = new ArrayList<ShellWord>();
        for (ShellToken token : tokens) {
            if (!(token instanceof ShellToken.Word(ShellWord word)) || word.needsShell()) {
                return Optional.empty();
            }
            words.add(word);
        }
        return Optional.of(withoutSudo(words));
    }

    /** Whether it does nothing but set variables, with or without {@code export}. */
    boolean setsVariables() {
        boolean any = false;
        for (ShellToken token : tokens) {
            boolean export = token.plainWord().filter("export"::equals).isPresent();
            boolean assignment = token instanceof ShellToken.Word(ShellWord word) && isAssignment(word);
            if (!export && !assignment) {
                return false;
            }
            any |= assignment;
        }
        return any;
    }

    static List<ShellWord> withoutSudo(List<ShellWord> words) {
        boolean sudo = words.size() > 1
                && words.getFirst().plain().equals(Optional.of("sudo"))
                && words.get(1).plain().filter(PROGRAMS::contains).isPresent();
        return sudo ? List.copyOf(words.subList(1, words.size())) : List.copyOf(words);
    }

    /** Whether it is one simple command of docker or one of its like. */
    public boolean isDockerCommand() {
        return simpleCommand()
                .filter(words -> !words.isEmpty())
                .flatMap(words -> words.getFirst().plain())
                .filter(PROGRAMS::contains)
                .isPresent();
    }

    /** Whether it is one simple command of {@code docker-compose}. */
    boolean isCompose() {
        return isDockerCommand()
                && simpleCommand().orElseThrow().getFirst().plain().equals(Optional.of(COMPOSE));
    }

    boolean hasHeredoc() {
        return tokens.stream().anyMatch(token -> token instanceof ShellToken.Operator operator && operator.isHeredoc());
    }

    boolean isHeredocOpen() {
        return open.filter(what -> what.startsWith("heredoc")).isPresent();
    }

    /** Whether docker stands in command position anywhere, inside substitutions too. */
    public boolean usesDocker() {
        boolean commandPosition = true;
        boolean afterXargs = false;
        boolean redirected = false;
        for (ShellToken token : tokens) {
            if (token instanceof ShellToken.Operator operator) {
                redirected = operator.isRedirection();
                commandPosition |= !redirected;
                afterXargs &= redirected;
                continue;
            }
            if (!(token instanceof ShellToken.Word(ShellWord word))) {
                commandPosition = true;
                continue;
            }
            if (substitutesDocker(word)) {
                return true;
            }
            if (redirected) {
                redirected = false;
                continue;
            }
            String plain = word.plain().orElse("");
            if ((commandPosition || afterXargs) && PROGRAMS.contains(plain)) {
                return true;
            }
            afterXargs |= commandPosition && plain.equals("xargs");
            commandPosition = commandPosition && (isAssignment(word) || keepsCommandPosition(plain));
        }
        return false;
    }

    private static boolean keepsCommandPosition(String word) {
        return PREFIXES.contains(word)
                || CONTINUING.contains(word)
                || OPENING.contains(word) && !word.equals("for") && !word.equals("case")
                || word.startsWith("-");
    }

    /** {@code NAME=anything}, where it stands before a command. */
    static boolean isAssignment(ShellWord word) {
        return !word.parts().isEmpty()
                && word.parts().getFirst() instanceof ShellWord.Part.Literal(String text, boolean quoted)
                && !quoted
                && ASSIGNMENT.matcher(text).lookingAt();
    }

    private static boolean substitutesDocker(ShellWord word) {
        return word.parts().stream()
                .anyMatch(part -> part instanceof ShellWord.Part.Substitution(String command, boolean ignored)
                        && readAll(command).stream().anyMatch(ShellText::usesDocker));
    }

    /** The words of one line, expanded; what would be an operator to a shell is a word here. */
    public static List<String> words(String text, Map<String, String> environment) {
        var lexer = new ShellLexer(text, 0);
        var words = new ArrayList<String>();
        for (List<ShellToken> next = lexer.next(); !next.isEmpty(); next = lexer.next()) {
            switch (next.getFirst()) {
                case ShellToken.Word(ShellWord word)
                when word.hasSubstitution() -> words.add(text.substring(word.start(), word.end()));
                case ShellToken.Word(ShellWord word) -> words.addAll(word.expand(environment));
                case ShellToken.Operator(String operator, int start) -> words.add(operator);
                case ShellToken.LineEnd ignored -> {}
                case ShellToken.HeredocBody ignored -> {}
            }
        }
        return List.copyOf(words);
    }

    /** Every complete piece of a text, in order. */
    public static List<ShellText> readAll(String text) {
        var pieces = new ArrayList<ShellText>();
        int at = 0;
        while (at < text.length()) {
            ShellText piece = read(text, at);
            if (!piece.tokens().isEmpty()) {
                pieces.add(piece);
            }
            at = Math.max(at + 1, piece.end());
        }
        return List.copyOf(pieces);
    }
}
