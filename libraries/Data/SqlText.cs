namespace FitFlow.Data;

/// <summary>The little of SQL's lexis that a program has to know: where a literal, a quoted name or a comment ends.</summary>
internal static class SqlText
{
    /// <summary>Where the quoted text or comment that starts at <paramref name="start"/> ends; <paramref name="start"/> itself when none starts there.</summary>
    public static int SkipQuotedOrComment(string sql, int start)
    {
        var c = sql[start];
        if (c is '\'' or '"' or '`') return EndOfQuoted(sql, start, c);
        if (c == '#') return EndOfLine(sql, start);
        if (c == '-' && At(sql, start + 1) == '-' && (start + 2 >= sql.Length || char.IsWhiteSpace(sql[start + 2]))) return EndOfLine(sql, start);
        if (c != '/' || At(sql, start + 1) != '*') return start;
        var end = sql.IndexOf("*/", start + 2, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + 2;
    }

    private static int EndOfQuoted(string sql, int start, char quote)
    {
        for (var i = start + 1; i < sql.Length; i++)
        {
            if (sql[i] == '\\' && quote != '`') i++;
            else if (sql[i] == quote && At(sql, i + 1) == quote) i++;
            else if (sql[i] == quote) return i + 1;
        }

        return sql.Length;
    }

    private static int EndOfLine(string sql, int start)
    {
        var end = sql.IndexOf('\n', start);
        return end < 0 ? sql.Length : end;
    }

    private static char At(string sql, int index) => index < sql.Length ? sql[index] : '\0';
}
