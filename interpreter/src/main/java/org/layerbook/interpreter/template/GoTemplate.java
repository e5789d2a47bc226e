package org.layerbook.interpreter.template;

import java.util.Map;

/**
 * A template in the language of Go's text/template with docker's functions, as {@code --format} takes it. Immutable.
 *
 * <p>Data are plain values: see {@link GoStruct}.
 */
public final class GoTemplate {
    private final String source;
    private final Parser.Parsed parsed;

    private GoTemplate(String source, Parser.Parsed parsed) {
        this.source = source;
        this.parsed = parsed;
    }

    /** @throws TemplateException when it is not a template; the message names the line */
    public static GoTemplate parse(String source) throws TemplateException {
        return new GoTemplate(source, Parser.parse(source, DockerFunctions.ALL.keySet()));
    }

    /** @throws TemplateException when it does not fit the data; the message names line and column */
    public String execute(Object data) throws TemplateException {
        return run(data, DockerFunctions.ALL, false);
    }

    /** As {@link #execute}, but {@code json} writes several lines, two blanks a level: in the templates of buildx. */
    public String executeForBuildx(Object data) throws TemplateException {
        return run(data, DockerFunctions.FOR_BUILDX, false);
    }

    /** As {@link #execute}, but a map without an entry that the template asks for is an error. */
    public String executeStrictly(Object data) throws TemplateException {
        return run(data, DockerFunctions.ALL, true);
    }

    /** On titles instead of values, for the heading of a table: functions that change a value leave titles alone. */
    public String executeForHeading(Map<String, String> titles) throws TemplateException {
        return run(titles, DockerFunctions.FOR_HEADINGS, false);
    }

    private String run(Object data, Map<String, TemplateFunction> functions, boolean strict) throws TemplateException {
        return new Evaluator(source, parsed, functions, strict).run(data);
    }
}
