package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.template.Node.BranchKind;
import org.layerbook.interpreter.template.Token.Kind;

/** Tokens to nodes; reports the first fault in Go's words. */
final class Parser {
    private final List<Token> tokens;
    private final Set<String> functions;
    private final List<String> variables = new ArrayList<>(List.of("$"));
    private final Map<String, Node.Block> defined = new HashMap<>();
    private int next;
    private int ranges;

    private Parser(List<Token> tokens, Set<String> functions) {
        this.tokens = tokens;
        this.functions = functions;
    }

    record Parsed(Node.Block body, Map<String, Node.Block> defined) {}

    static Parsed parse(String template, Set<String> functions) throws TemplateException {
        var parser = new Parser(Lexer.tokens(template), functions);
        var ended = parser.list(0);
        if (ended.by() != Ending.INPUT) {
            throw parser.fault("unexpected " + ended.by().text);
        }
        return new Parsed(ended.block(), Map.copyOf(parser.defined));
    }

    private enum Ending {
        INPUT("EOF"),
        END("{{end}}"),
        ELSE("{{else}}");

        final String text;

        Ending(String text) {
            this.text = text;
        }
    }

    private record Ended(Node.Block block, Ending by) {}

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    private Token peekPastBlanks() {
        while (peek().is(Kind.BLANKS)) {
            take();
        }
        return peek();
    }

    private Token takePastBlanks() {
        peekPastBlanks();
        return take();
    }

    private TemplateException fault(String message) {
        Token at = tokens.get(Math.max(0, next - 1));
        int line = peek().is(Kind.ERROR) ? peek().line() : at.line();
        return new TemplateException("template: :" + line + ": " + message);
    }

    private TemplateException unexpected(Token token, String where) {
        return token.is(Kind.ERROR) ? fault(token.text()) : fault("unexpected " + token.described() + " in " + where);
    }

    /** Up to an end, an else or the end of the input; an else is left for the caller to read on. */
    private Ended list(int depth) throws TemplateException {
        var nodes = new ArrayList<Node>();
        int position = peek().position();
        while (true) {
            Token token = take();
            switch (token.kind()) {
                case TEXT -> nodes.add(new Node.Text(token.position(), token.text()));
                case LEFT_DELIMITER -> {
                    Token first = peekPastBlanks();
                    if (isWord(first, "end") || isWord(first, "else")) {
                        take();
                        Ending by = isWord(first, "end") ? Ending.END : Ending.ELSE;
                        if (by == Ending.END) {
                            expectClose("end");
                        } else if (depth == 0) {
                            throw fault("unexpected {{else}}");
                        }
                        return new Ended(new Node.Block(position, List.copyOf(nodes)), by);
                    }
                    action(nodes, depth);
                }
                case END -> {
                    if (depth > 0) {
                        throw fault("unexpected EOF");
                    }
                    return new Ended(new Node.Block(position, List.copyOf(nodes)), Ending.INPUT);
                }
                default -> throw unexpected(token, "input");
            }
        }
    }

    private static boolean isWord(Token token, String word) {
        return token.is(Kind.KEYWORD) && token.text().equals(word);
    }

    private void expectClose(String where) throws TemplateException {
        Token token = takePastBlanks();
        if (!token.is(Kind.RIGHT_DELIMITER)) {
            throw unexpected(token, where);
        }
    }

    private void action(List<Node> nodes, int depth) throws TemplateException {
        Token token = peekPastBlanks();
        if (!token.is(Kind.KEYWORD)) {
            var pipeline = pipeline("command", Kind.RIGHT_DELIMITER);
            nodes.add(new Node.Action(token.position(), pipeline));
            return;
        }
        take();
        switch (token.text()) {
            case "if" -> nodes.add(branch(token, BranchKind.IF));
            case "with" -> nodes.add(branch(token, BranchKind.WITH));
            case "range" -> nodes.add(branch(token, BranchKind.RANGE));
            case "break", "continue" -> {
                expectClose("{{" + token.text() + "}}");
                if (ranges == 0) {
                    throw fault("{{" + token.text() + "}} outside {{range}}");
                }
                nodes.add(new Node.Jump(token.position(), token.text().equals("break")));
            }
            case "define" -> {
                if (depth > 0) {
                    throw fault("unexpected <define> in command");
                }
                define();
            }
            case "block" -> nodes.add(block());
            default -> nodes.add(include());
        }
    }

    private Node branch(Token keyword, BranchKind kind) throws TemplateException {
        int scope = variables.size();
        var pipeline = pipeline(kind.word(), Kind.RIGHT_DELIMITER);
        ranges += kind == BranchKind.RANGE ? 1 : 0;
        Ended body = list(1);
        ranges -= kind == BranchKind.RANGE ? 1 : 0;
        Optional<Node.Block> otherwise = Optional.empty();
        if (body.by() == Ending.ELSE) {
            otherwise = Optional.of(elseBlock(kind));
        }
        forgetVariables(scope);
        return new Node.Branch(keyword.position(), kind, pipeline, body.block(), otherwise);
    }

    /** Behind {@code else}: a block of its own, or one more branch that shares the end. */
    private Node.Block elseBlock(BranchKind kind) throws TemplateException {
        Token token = peekPastBlanks();
        boolean chained = kind != BranchKind.RANGE && isWord(token, kind.word());
        if (chained) {
            take();
            return new Node.Block(token.position(), List.of(branch(token, kind)));
        }
        expectClose("else");
        Ended otherwise = list(1);
        if (otherwise.by() == Ending.ELSE) {
            throw fault("expected end; found {{else}}");
        }
        return otherwise.block();
    }

    private void forgetVariables(int scope) {
        variables.subList(scope, variables.size()).clear();
    }

    private void define() throws TemplateException {
        String name = templateName("define clause");
        expectClose("define clause");
        body(name, "define");
    }

    private Node block() throws TemplateException {
        int position = peek().position();
        String name = templateName("block clause");
        var pipeline = pipeline("block clause", Kind.RIGHT_DELIMITER);
        body(name, "block");
        return new Node.Include(position, name, Optional.of(pipeline));
    }

    private void body(String name, String what) throws TemplateException {
        var outer = new ArrayList<>(variables);
        forgetVariables(1);
        Ended body = list(1);
        if (body.by() != Ending.END) {
            throw fault("unexpected " + body.by().text + " in " + what + " clause");
        }
        variables.clear();
        variables.addAll(outer);
        defined.put(name, body.block());
    }

    private Node include() throws TemplateException {
        int position = peekPastBlanks().position();
        String name = templateName("template clause");
        Optional<Node.Pipeline> argument = Optional.empty();
        if (peekPastBlanks().is(Kind.RIGHT_DELIMITER)) {
            take();
        } else {
            argument = Optional.of(pipeline("template clause", Kind.RIGHT_DELIMITER));
        }
        return new Node.Include(position, name, argument);
    }

    private String templateName(String where) throws TemplateException {
        Token token = takePastBlanks();
        if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
            throw unexpected(token, where);
        }
        return GoLiteral.unquote(token.text()).orElseThrow(() -> fault("invalid syntax"));
    }

    private Node.Pipeline pipeline(String where, Kind end) throws TemplateException {
        int position = peekPastBlanks().position();
        var declared = new ArrayList<Node.Variable>();
        boolean assigns = declarations(declared, where);
        var commands = new ArrayList<Node.Command>();
        while (true) {
            Token token = peekPastBlanks();
            if (token.is(end)) {
                take();
                if (commands.isEmpty()) {
                    throw fault("missing value for " + where);
                }
                checkLater(commands);
                return new Node.Pipeline(position, List.copyOf(declared), assigns, List.copyOf(commands));
            }
            if (!startsOperand(token)) {
                take();
                throw unexpected(token, where);
            }
            commands.add(command());
        }
    }

    /** A constant cannot be given what the command before it results in. */
    private void checkLater(List<Node.Command> commands) throws TemplateException {
        for (int i = 1; i < commands.size(); i++) {
            Node first = commands.get(i).words().getFirst();
            if (first instanceof Node.Constant || first instanceof Node.Nil || first instanceof Node.Dot) {
                throw fault("non executable command in pipeline stage " + (i + 1));
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
        int start = next;
        while (peekPastBlanks().is(Kind.VARIABLE)) {
            Token variable = take();
            Token sign = peekPastBlanks();
            if (sign.is(Kind.DECLARE) || sign.is(Kind.ASSIGN)) {
                take();
                declared.add(new Node.Variable(variable.position(), variable.text(), List.of()));
                boolean assigns = sign.is(Kind.ASSIGN);
                if (!assigns) {
                    declared.forEach(one -> variables.add(one.name()));
                }
                return assigns;
            }
            if (!sign.text().equals(",")) {
                break;
            }
            take();
            declared.add(new Node.Variable(variable.position(), variable.text(), List.of()));
            if (!where.equals("range") || declared.size() > 1) {
                throw fault("too many declarations in " + where);
            }
        }
        if (declared.size() == 1) {
            throw fault("range can only initialize variables");
        }
        declared.clear();
        next = start;
        return false;
    }

    private Node.Command command() throws TemplateException {
        int position = peekPastBlanks().position();
        var words = new ArrayList<Node>();
        while (true) {
            if (startsOperand(peekPastBlanks())) {
                words.add(operand());
            }
            Token token = take();
            switch (token.kind()) {
                case BLANKS -> {
                    continue;
                }
                case RIGHT_DELIMITER, RIGHT_PAREN -> next--;
                case PIPE -> {
                    // What follows is the next command.
                }
                default -> throw unexpected(token, token.is(Kind.OTHER) || words.isEmpty() ? "command" : "operand");
            }
            if (words.isEmpty()) {
                throw fault("empty command");
            }
            return new Node.Command(position, List.copyOf(words));
        }
    }

    private Node operand() throws TemplateException {
        Node node = term();
        if (!peek().is(Kind.FIELD)) {
            return node;
        }
        int position = peek().position();
        var names = new ArrayList<String>();
        while (peek().is(Kind.FIELD)) {
            names.add(take().text().substring(1));
        }
        return switch (node) {
            case Node.Field field -> {
                var all = new ArrayList<>(field.names());
                all.addAll(names);
                yield new Node.Field(position, List.copyOf(all));
            }
            case Node.Variable variable -> new Node.Variable(position, variable.name(), List.copyOf(names));
            case Node.Constant constant -> throw fault("unexpected . after term " + GoText.quote(constant.toString()));
            case Node.Dot dot -> throw fault("unexpected . after term \".\"");
            case Node.Nil nil -> throw fault("unexpected . after term \"nil\"");
            default -> new Node.Chain(position, node, List.copyOf(names));
        };
    }

    private Object number(Token token) throws TemplateException {
        if (GoNumbers.isTooLarge(token.text())) {
            return GoNumbers.TooLarge.NUMBER;
        }
        return GoNumbers.parse(token.text())
                .orElseThrow(() -> fault("illegal number syntax: " + GoText.quote(token.text())));
    }

    private Node term() throws TemplateException {
        Token token = takePastBlanks();
        int position = token.position();
        return switch (token.kind()) {
            case IDENTIFIER -> {
                if (!functions.contains(token.text())) {
                    throw fault("function " + GoText.quote(token.text()) + " not defined");
                }
                yield new Node.Function(position, token.text());
            }
            case DOT -> new Node.Dot(position);
            case NIL -> new Node.Nil(position);
            case VARIABLE -> {
                if (!variables.contains(token.text())) {
                    throw fault("undefined variable " + GoText.quote(token.text()));
                }
                yield new Node.Variable(position, token.text(), List.of());
            }
            case FIELD -> new Node.Field(position, List.of(token.text().substring(1)));
            case BOOL -> new Node.Constant(position, Boolean.valueOf(token.text()), token.text());
            case NUMBER -> new Node.Constant(position, number(token), token.text());
            case CHARACTER, STRING, RAW_STRING -> {
                String value = GoLiteral.unquote(token.text()).orElseThrow(() -> fault("invalid syntax"));
                if (!token.is(Kind.CHARACTER)) {
                    yield new Node.Constant(position, value, token.text());
                }
                if (value.isEmpty()) {
                    throw fault("invalid syntax");
                }
                if (value.codePointCount(0, value.length()) > 1) {
                    throw fault("malformed character constant: " + token.text());
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
