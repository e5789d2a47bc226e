package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.template.Token.Kind;

/** Parses pipelines, commands and operands, and knows which variables are in scope. */
final class PipelineParser {
    private final TokenReader tokens;
    private final Set<String> functions;
    private final List<String> variables = new ArrayList<>(List.of("$"));

    PipelineParser(TokenReader tokens, Set<String> functions) {
        this.tokens = tokens;
        this.functions = functions;
    }

    /** Returns the names of the variables in scope. */
    List<String> scope() {
        return List.copyOf(variables);
    }

    /** Restores a scope that {@link #scope} returned. */
    void restore(List<String> scope) {
        variables.clear();
        variables.addAll(scope);
    }

    /** Parses up to and including {@code end}. {@code where} names the action in error messages. */
    Node.Pipeline pipeline(String where, Kind end) throws TemplateException {
        int position = tokens.peekPastBlanks().position();
        var declared = new ArrayList<Node.Variable>();
        boolean assigns = declarations(declared, where);
        var commands = new ArrayList<Node.Command>();
        while (true) {
            Token token = tokens.peekPastBlanks();
            if (token.is(end)) {
                tokens.take();
                if (commands.isEmpty()) {
                    throw tokens.fault("missing value for " + where);
                }
                checkLater(commands);
                return new Node.Pipeline(position, List.copyOf(declared), assigns, List.copyOf(commands));
            }
            if (!startsOperand(token)) {
                tokens.take();
                throw tokens.unexpected(token, where);
            }
            commands.add(command());
        }
    }

    /** A constant cannot be given what the command before it results in. */
    private void checkLater(List<Node.Command> commands) throws TemplateException {
        for (int i = 1; i < commands.size(); i++) {
            Node first = commands.get(i).words().getFirst();
            if (first instanceof Node.Constant || first instanceof Node.Nil || first instanceof Node.Dot) {
                throw tokens.fault("non executable command in pipeline stage " + (i + 1));
            }
        }
    }

    private static boolean startsOperand(Token token) {
        return switch (token.kind()) {
            case BOOL, CHARACTER, DOT, FIELD, IDENTIFIER, NUMBER, NIL, RAW_STRING, STRING, VARIABLE, LEFT_PAREN -> true;
            default -> false;
        };
    }

    /** {@code $x :=}, {@code $k, $v :=} (range), {@code $x =}; says whether it assigns. */
    private boolean declarations(List<Node.Variable> declared, String where) throws TemplateException {
        int start = tokens.mark();
        while (tokens.peekPastBlanks().is(Kind.VARIABLE)) {
            Token variable = tokens.take();
            Token sign = tokens.peekPastBlanks();
            if (sign.is(Kind.DECLARE) || sign.is(Kind.ASSIGN)) {
                tokens.take();
                declared.add(new Node.Variable(variable.position(), variable.text(), List.of()));
                boolean assigns = sign.is(Kind.ASSIGN);
                if (!assigns) {
                    declared.stream().map(Node.Variable::name).forEach(variables::add);
                }
                return assigns;
            }
            if (!sign.text().equals(",")) {
                break;
            }
            tokens.take();
            declared.add(new Node.Variable(variable.position(), variable.text(), List.of()));
            if (!where.equals("range") || declared.size() > 1) {
                throw tokens.fault("too many declarations in " + where);
            }
        }
        if (declared.size() == 1) {
            throw tokens.fault("range can only initialize variables");
        }
        declared.clear();
        tokens.reset(start);
        return false;
    }

    private Node.Command command() throws TemplateException {
        int position = tokens.peekPastBlanks().position();
        var words = new ArrayList<Node>();
        while (true) {
            if (startsOperand(tokens.peekPastBlanks())) {
                words.add(operand());
            }
            Token token = tokens.take();
            switch (token.kind()) {
                case BLANKS -> {
                    continue;
                }
                case RIGHT_DELIMITER, RIGHT_PAREN -> tokens.back();
                case PIPE -> {
                    // What follows is the next command.
                }
                default ->
                    throw tokens.unexpected(token, token.is(Kind.OTHER) || words.isEmpty() ? "command" : "operand");
            }
            if (words.isEmpty()) {
                throw tokens.fault("empty command");
            }
            return new Node.Command(position, List.copyOf(words));
        }
    }

    private Node operand() throws TemplateException {
        Node node = term();
        if (!tokens.peek().is(Kind.FIELD)) {
            return node;
        }
        int position = tokens.peek().position();
        var names = new ArrayList<String>();
        while (tokens.peek().is(Kind.FIELD)) {
            names.add(tokens.take().text().substring(1));
        }
        return switch (node) {
            case Node.Field field -> {
                var all = new ArrayList<>(field.names());
                all.addAll(names);
                yield new Node.Field(position, List.copyOf(all));
            }
            case Node.Variable variable -> new Node.Variable(position, variable.name(), List.copyOf(names));
            case Node.Constant constant ->
                throw tokens.fault("unexpected . after term " + GoText.quote(constant.toString()));
            case Node.Dot dot -> throw tokens.fault("unexpected . after term \".\"");
            case Node.Nil nil -> throw tokens.fault("unexpected . after term \"nil\"");
            default -> new Node.Chain(position, node, List.copyOf(names));
        };
    }

    private Object number(Token token) throws TemplateException {
        if (GoNumbers.isTooLarge(token.text())) {
            return GoNumbers.TooLarge.NUMBER;
        }
        return GoNumbers.parse(token.text())
                .orElseThrow(() -> tokens.fault("illegal number syntax: " + GoText.quote(token.text())));
    }

    private Node term() throws TemplateException {
        Token token = tokens.takePastBlanks();
        int position = token.position();
        return switch (token.kind()) {
            case IDENTIFIER -> {
                if (!functions.contains(token.text())) {
                    throw tokens.fault("function " + GoText.quote(token.text()) + " not defined");
                }
                yield new Node.Function(position, token.text());
            }
            case DOT -> new Node.Dot(position);
            case NIL -> new Node.Nil(position);
            case VARIABLE -> {
                if (!variables.contains(token.text())) {
                    throw tokens.fault("undefined variable " + GoText.quote(token.text()));
                }
                yield new Node.Variable(position, token.text(), List.of());
            }
            case FIELD -> new Node.Field(position, List.of(token.text().substring(1)));
            case BOOL -> new Node.Constant(position, Boolean.valueOf(token.text()), token.text());
            case NUMBER -> new Node.Constant(position, number(token), token.text());
            case CHARACTER, STRING, RAW_STRING -> {
                String value = GoLiteral.unquote(token.text()).orElseThrow(() -> tokens.fault("invalid syntax"));
                if (!token.is(Kind.CHARACTER)) {
                    yield new Node.Constant(position, value, token.text());
                }
                if (value.isEmpty()) {
                    throw tokens.fault("invalid syntax");
                }
                if (value.codePointCount(0, value.length()) > 1) {
                    throw tokens.fault("malformed character constant: " + token.text());
                }
                yield new Node.Constant(position, value.codePointAt(0), token.text());
            }
            default -> {
                var inner = pipeline("parenthesized pipeline", Kind.RIGHT_PAREN);
                yield inner;
            }
        };
    }
}
