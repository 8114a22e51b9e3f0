using System.Text.Encodings.Web;

namespace FitFlow.Identity.Features.Letters;

/// An e-mail as somebody will read it. `To` is a bare address: no name that somebody chose stands in a header.
internal sealed record Letter(string To, string Subject, string Text, string Html)
{
    public sealed record Link(string Label, string Url);

    /// The same words as text and as HTML: paragraphs, a link to act on, and what is said after it.
    public static Letter Of(string to, string language, string subject, IReadOnlyList<string> before, Link? link = null, params IReadOnlyList<string> after)
    {
        var text = string.Join("\n\n", [.. before, .. link is null ? [] : new[] { $"{link.Label}:\n{link.Url}" }, .. after, "FitFlow"]);
        var html =
            $"""
            <!DOCTYPE html>
            <html lang="{Safe(language)}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>{Safe(subject)}</title>
            </head>
            <body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
            <div style="max-width:560px;margin:0 auto">
            {Paragraphs(before)}
            {(link is null ? "" : $"""<p><a href="{Safe(link.Url)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#1c7ed6;color:#ffffff;text-decoration:none">{Safe(link.Label)}</a></p>""")}
            {Paragraphs(after)}
            <p style="color:#868e96">FitFlow</p>
            </div>
            </body>
            </html>
            """;
        return new Letter(to, subject, text, html);
    }

    private static string Paragraphs(IReadOnlyList<string> paragraphs) => string.Join('\n', paragraphs.Select(words => $"<p>{Safe(words)}</p>"));

    private static string Safe(string words) => HtmlEncoder.Default.Encode(words);
}
