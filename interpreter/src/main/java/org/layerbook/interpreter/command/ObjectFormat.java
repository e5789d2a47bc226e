package org.layerbook.interpreter.command;

import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;

/** {@code --format} of the commands that describe one thing: {@code json}, or a template. */
final class ObjectFormat {
    private ObjectFormat() {}

    /** @param templateName what errors call the template; the client gives most none */
    static String apply(String format, GoStruct document, String templateName) throws CommandException {
        if (format.equals("json")) {
            return GoJsonText.compact(document, true);
        }
        try {
            return GoTemplate.parse(format).execute(document);
        } catch (TemplateException e) {
            String message = e.getMessage()
                    .replaceFirst("^template: :", "template: " + templateName + ":")
                    .replaceFirst("executing \"\"", "executing \"" + templateName + "\"");
            throw new CommandException(message, 1);
        }
    }
}
