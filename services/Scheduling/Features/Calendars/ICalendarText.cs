using System.Text;

namespace FitFlow.Scheduling.Features.Calendars;

/// Content lines as RFC 5545 wants them: ended by CRLF, none longer than 75 octets, folded between characters and never within one.
internal sealed class ICalendarText
{
    private const int Longest = 75;

    private readonly StringBuilder _text = new();

    /// The value is written as it is: texts are escaped before.
    public ICalendarText Line(string name, string value)
    {
        Fold(_text, $"{name}:{value}");
        return this;
    }

    public override string ToString() => _text.ToString();

    /// A text as a value. Control characters have no place in one; a broken surrogate becomes U+FFFD.
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\\' or ';' or ',':
                    escaped.Append('\\').Append((char)rune.Value);
                    break;
                case '\n':
                    escaped.Append("\\n");
                    break;
                case '\t' or (>= ' ' and not 0x7F):
                    escaped.Append(rune.ToString());
                    break;
                default:
                    break;
            }
        }

        return escaped.ToString();
    }

    private static void Fold(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > Longest)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
