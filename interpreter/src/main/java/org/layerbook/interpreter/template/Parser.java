package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.interpreter.template.Node.BranchKind;
import org.layerbook.interpreter.template.Token.Kind;

/** Parses a template into nodes. Reports the first error in Go's words. */
final class Parser {
    private final TokenReader tokens;
    private final PipelineParser pipelines;
    private final Map<String, Node.Block> defined = new HashMap<>();
    private int ranges;

    private Parser(TokenReader tokens, Set<String> functions) {
        this.tokens = tokens;
        this.pipelines = new PipelineParser(tokens, functions);
    }

    record Parsed(Node.Block body, Map<String, Node.Block> defined) {}

    static Parsed parse(String template, Set<String> functions) throws TemplateException {
        var parser = new Parser(new TokenReader(Lexer.tokens(template)), functions);
        var ended = parser.list(0);
        if (ended.by() != Ending.INPUT) {
            throw parser.tokens.fault("unexpected " + ended.by().text);
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

    /** Up to an end, an else or the end of the input; an else is left for the caller to read on. */
    private Ended list(int depth) throws TemplateException {
        var nodes = new ArrayList<Node>();
        int position = tokens.peek().position();
        while (true) {
            Token token = tokens.take();
            switch (token.kind()) {
                case TEXT -> nodes.add(new Node.Text(token.position(), token.text()));
                case LEFT_DELIMITER -> {
                    Token first = tokens.peekPastBlanks();
                    if (TokenReader.isWord(first, "end") || TokenReader.isWord(first, "else")) {
                        tokens.take();
                        Ending by = TokenReader.isWord(first, "end") ? Ending.END : Ending.ELSE;
                        if (by == Ending.END) {
                            tokens.expectClose("end");
                        } else if (depth == 0) {
                            throw tokens.fault("unexpected {{else}}");
                        }
                        return new Ended(new Node.Block(position, List.copyOf(nodes)), by);
                    }
                    action(nodes, depth);
                }
                case END -> {
                    if (depth > 0) {
                        throw tokens.fault("unexpected EOF");
                    }
                    return new Ended(new Node.Block(position, List.copyOf(nodes)), Ending.INPUT);
                }
                default -> throw tokens.unexpected(token, "input");
            }
        }
    }

    private void action(List<Node> nodes, int depth) throws TemplateException {
        Token token = tokens.peekPastBlanks();
        if (!token.is(Kind.KEYWORD)) {
            var pipeline = pipelines.pipeline("command", Kind.RIGHT_DELIMITER);
            nodes.add(new Node.Action(token.position(), pipeline));
            return;
        }
        tokens.take();
        switch (token.text()) {
            case "if" -> nodes.add(branch(token, BranchKind.IF));
            case "with" -> nodes.add(branch(token, BranchKind.WITH));
            case "range" -> nodes.add(branch(token, BranchKind.RANGE));
            case "break", "continue" -> {
                tokens.expectClose("{{" + token.text() + "}}");
                if (ranges == 0) {
                    throw tokens.fault("{{" + token.text() + "}} outside {{range}}");
                }
                nodes.add(new Node.Jump(token.position(), token.text().equals("break")));
            }
            case "define" -> {
                if (depth > 0) {
                    throw tokens.fault("unexpected <define> in command");
                }
                define();
            }
            case "block" -> nodes.add(block());
            default -> nodes.add(include());
        }
    }

    private Node branch(Token keyword, BranchKind kind) throws TemplateException {
        List<String> scope = pipelines.scope();
        var pipeline = pipelines.pipeline(kind.word(), Kind.RIGHT_DELIMITER);
        ranges += kind == BranchKind.RANGE ? 1 : 0;
        Ended body = list(1);
        ranges -= kind == BranchKind.RANGE ? 1 : 0;
        Optional<Node.Block> otherwise = Optional.empty();
        if (body.by() == Ending.ELSE) {
            otherwise = Optional.of(elseBlock(kind));
        }
        pipelines.restore(scope);
        return new Node.Branch(keyword.position(), kind, pipeline, body.block(), otherwise);
    }

    /** Behind {@code else}: a block of its own, or one more branch that shares the end. */
    private Node.Block elseBlock(BranchKind kind) throws TemplateException {
        Token token = tokens.peekPastBlanks();
        boolean chained = kind != BranchKind.RANGE && TokenReader.isWord(token, kind.word());
        if (chained) {
            tokens.take();
            return new Node.Block(token.position(), List.of(branch(token, kind)));
        }
        tokens.expectClose("else");
        Ended otherwise = list(1);
        if (otherwise.by() == Ending.ELSE) {
            throw tokens.fault("expected end; found {{else}}");
        }
        return otherwise.block();
    }

    private void define() throws TemplateException {
        String name = templateName("define clause");
        tokens.expectClose("define clause");
        body(name, "define");
    }

    private Node block() throws TemplateException {
        int position = tokens.peek().position();
        String name = templateName("block clause");
        var pipeline = pipelines.pipeline("block clause", Kind.RIGHT_DELIMITER);
        body(name, "block");
        return new Node.Include(position, name, Optional.of(pipeline));
    }

    private void body(String name, String what) throws TemplateException {
        List<String> outer = pipelines.scope();
        pipelines.restore(List.of("$"));
        Ended body = list(1);
        if (body.by() != Ending.END) {
            throw tokens.fault("unexpected " + body.by().text + " in " + what + " clause");
        }
        pipelines.restore(outer);
        defined.put(name, body.block());
    }

    private Node include() throws TemplateException {
        int position = tokens.peekPastBlanks().position();
        String name = templateName("template clause");
        Optional<Node.Pipeline> argument = Optional.empty();
        if (tokens.peekPastBlanks().is(Kind.RIGHT_DELIMITER)) {
            tokens.take();
        } else {
            argument = Optional.of(pipelines.pipeline("template clause", Kind.RIGHT_DELIMITER));
        }
        return new Node.Include(position, name, argument);
    }

    private String templateName(String where) throws TemplateException {
        Token token = tokens.takePastBlanks();
        if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
            throw tokens.unexpected(token, where);
        }
        return GoLiteral.unquote(token.text()).orElseThrow(() -> tokens.fault("invalid syntax"));
    }
}
