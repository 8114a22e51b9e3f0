using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace FitFlow.Data;

/// <summary>What can be known of a statement before it runs. Read once per text: statements are literals in the code.</summary>
internal sealed partial class Statement
{
    private const int Remembered = 4_096;
    private static readonly ConcurrentDictionary<string, Statement> Known = new(StringComparer.Ordinal);

    private Statement(string text)
    {
        Text = text;
        var (bare, names) = Read(text);
        Names = names;
        if (Banned().Match(bare) is { Success: true } banned)
        {
            throw new ArgumentException(
                $"{banned.Value.ToUpperInvariant()} turns a write into another studio into a warning, so it is not used here. Use ON DUPLICATE KEY UPDATE.",
                nameof(text));
        }

        var summary = Summary().Match(bare);
        Operation = summary.Success ? summary.Groups["op"].Value.ToUpperInvariant() : "SQL";
        Name = summary.Groups["table"] is { Success: true } table ? $"{Operation} {table.Value}" : Operation;
    }

    public string Text { get; }

    /// <summary>The parameters it names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>SELECT, INSERT, …</summary>
    public string Operation { get; }

    /// <summary>What a trace shows: <c>SELECT bookings</c>.</summary>
    public string Name { get; }

    public static Statement Of(string text)
    {
        if (Known.TryGetValue(text, out var known)) return known;
        if (Known.Count >= Remembered) Known.Clear();
        return Known[text] = new Statement(text);
    }

    /// <summary>The text without literals and comments, and the names behind an @ in it.</summary>
    private static (string Bare, IReadOnlyList<string> Names) Read(string text)
    {
        var bare = new StringBuilder(text.Length);
        var names = new List<string>();
        var i = 0;
        while (i < text.Length)
        {
            var end = SqlText.SkipQuotedOrComment(text, i);
            if (end > i)
            {
                bare.Append(text[i] == '`' ? text[i..end] : " ");
                i = end;
                continue;
            }

            if (text[i] == '@' && i + 1 < text.Length && (char.IsAsciiLetter(text[i + 1]) || text[i + 1] == '_'))
            {
                end = i + 1;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '$')) end++;
                var name = text[(i + 1)..end];
                if (i == 0 || text[i - 1] != '@')
                {
                    if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) names.Add(name);
                }

                bare.Append(text.AsSpan(i, end - i));
                i = end;
                continue;
            }

            bare.Append(text[i++]);
        }

        return (bare.ToString(), names);
    }

    [GeneratedRegex(@"\b(INSERT|UPDATE|DELETE)\s+((LOW_PRIORITY|HIGH_PRIORITY|DELAYED|QUICK)\s+)*IGNORE\b|(^|;)\s*REPLACE\b|\bREPLACE\s+INTO\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Banned();

    [GeneratedRegex(@"^\s*((?<op>INSERT|UPDATE)\s+(INTO\s+)?`?(?<table>\w+)|(?<op>\w+)(.*?\bFROM\s+`?(?<table>[A-Z_]\w*))?)", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Summary();
}
