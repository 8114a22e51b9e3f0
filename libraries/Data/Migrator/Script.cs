using System.Text;
using System.Text.RegularExpressions;

namespace FitFlow.Data;

/// <summary>
/// The statements of a migration: ended by <c>;</c> outside of literals and comments, or by what a line <c>DELIMITER $$</c> says, which
/// triggers and functions with a body need.
/// </summary>
internal static partial class Script
{
    public static IReadOnlyList<string> Statements(string sql)
    {
        var statements = new List<string>();
        var statement = new StringBuilder();
        var delimiter = ";";
        for (var i = 0; i < sql.Length;)
        {
            var lineStart = i == 0 || sql[i - 1] == '\n';
            if (lineStart && Delimiter().Match(sql, i) is { Success: true } line && line.Index == i)
            {
                delimiter = line.Groups["to"].Value;
                i += line.Length;
                continue;
            }

            if (string.CompareOrdinal(sql, i, delimiter, 0, delimiter.Length) == 0)
            {
                Add(statements, statement);
                i += delimiter.Length;
                continue;
            }

            var end = Math.Max(SqlText.SkipQuotedOrComment(sql, i), i + 1);
            statement.Append(sql, i, end - i);
            i = end;
        }

        Add(statements, statement);
        return statements;
    }

    private static void Add(List<string> statements, StringBuilder statement)
    {
        var text = statement.ToString().Trim();
        statement.Clear();
        if (IsOnlyComment(text)) return;
        if (Body().IsMatch(text) && !EndOfBody().IsMatch(text))
        {
            throw new MigrationException($"A body between BEGIN and END holds semicolons: put DELIMITER $$ before it and $$ after it. It starts: {text.Split('\n')[0]}");
        }

        statements.Add(text);
    }

    private static bool IsOnlyComment(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var end = SqlText.SkipQuotedOrComment(text, i);
            // What stands in /*! … */ is run.
            if (end == i || text[i] is '\'' or '"' or '`' || text.AsSpan(i).StartsWith("/*!")) return false;
            i = end;
        }

        return true;
    }

    [GeneratedRegex(@"\GDELIMITER[ \t]+(?<to>\S+)[ \t]*\r?(\n|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Delimiter();

    [GeneratedRegex(@"^\s*CREATE\b.*\b(TRIGGER|FUNCTION|PROCEDURE|EVENT)\b.*\bBEGIN\b", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Body();

    [GeneratedRegex(@"\bEND\s*$", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EndOfBody();
}
