package org.layerbook.interpreter.view.layout;

/**
 * The one style sheet, scoped by {@code .lb}. The front-end's own variables come first (JupyterLab's {@code --jp-*}, VS
 * Code's {@code --vscode-*}), so that its themes, light and dark, carry through; the literal colours are for pages that
 * have neither. Every output carries it, so it stays below 3 kB. {@code !important} is for what JupyterLab's own rules for
 * tables and code would otherwise win.
 */
public final class StyleSheet {
    private StyleSheet() {}

    public static final String CSS = """
            .lb{--d:var(--jp-content-font-color2,var(--vscode-descriptionForeground,#6b737c));\
            --l:var(--jp-border-color2,var(--vscode-widget-border,#8884));\
            --f:var(--jp-code-font-family,var(--vscode-editor-font-family,ui-monospace,Menlo,Consolas,monospace));\
            --r:#d9772b;--p:#2f81d6;--b:#b3bcc4;--g:#1a8f4e;--x:#c93c37;--w:#946200;font-size:13px;line-height:1.45}\
            [data-jp-theme-light=false] .lb,.vscode-dark .lb{--r:#f0a35e;--p:#6cb6ff;--b:#5b6670;--g:#57c98a;--x:#ff7b72;--w:#e3b341}\
            div.lb table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:auto;margin:0;font-size:inherit}\
            .lb tr,.lb td,.lb th{background:none!important;border:0}\
            .lb td,.lb th{padding:2px 12px 2px 0;text-align:left!important;vertical-align:baseline!important;white-space:nowrap!important}\
            .lb th{font-weight:500;color:var(--d);font-size:11.5px;border-bottom:1px solid var(--l)}\
            .lb td[align],.lb th[align]{text-align:right!important}\
            .lb code,.lb pre{font:12.5px/1.5 var(--f);background:none!important;padding:0!important;color:inherit;border:0}\
            .lb td code{white-space:pre!important}.lb td pre code{white-space:inherit!important}.lb pre{margin:2px 0;white-space:pre-wrap}\
            .lb b{font-weight:600}.lb .d,.lb .m{color:var(--d)}.lb .g{color:var(--g)}.lb .x{color:var(--x)}.lb .w{color:var(--w)}\
            .lb .i{display:inline-block;height:9px;border-radius:2px;vertical-align:-1px;font-size:0;overflow:hidden;background:var(--d)}\
            .lb .r{background:var(--r)}.lb .p{background:var(--p)}.lb .b{background:var(--b)}.lb .i.g{background:var(--g)}.lb .i.w{background:var(--w)}\
            .lb .s{margin:6px 0 2px;padding-top:5px;border-top:1px solid var(--l)}\
            .lb details{display:inline-block;margin-right:18px;color:var(--d)}.lb summary{cursor:pointer}\
            .lb details[open],.lb li details{display:block}\
            .lb td details,.lb li details{display:block;margin:0;color:inherit}\
            .lb td ul,.lb td pre{max-width:560px;white-space:pre-wrap}\
            .lb ul{list-style:none!important;margin:0!important;padding:0 0 0 18px!important}.lb li{margin:0!important}\
            .lb div>ul{padding-left:14px!important}.lb li summary{margin-left:-14px}\
            .lb .y{position:relative;padding-left:78px}.lb .z{position:absolute;left:0;width:70px;text-align:right}\
            .lb .h,.lb .q,.lb .v,.lb .o{font:12.5px/1.5 var(--f)}.lb .h{font-weight:600}\
            .lb .q{color:var(--jp-mirror-editor-string-color,var(--d))}.lb .v{color:var(--jp-mirror-editor-variable-2-color,var(--d))}\
            .lb .o{color:var(--jp-mirror-editor-comment-color,var(--d));font-style:italic}\
            .lb .e{border-left:3px solid var(--x)!important;background:#c93c3714!important;padding:7px 12px!important}""";
}
