using System.Text.RegularExpressions;

namespace FitFlow.Data.Tests;

/// <summary>What the compiler cannot see: how SQL is written in the whole repository.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void OnlyDataAndMigrationsKnowWhatIsBehindTheViews() => AssertNone(Sources(data: false), TableBehindAView());

    [Fact]
    public void TransactionsBeginInDataOnly() => AssertNone(Sources(data: false), Begin());

    [Fact]
    public void SqlIsNotBuiltFromStrings() => AssertNone(Sources(data: false), Built());

    [Fact]
    public void SqlIsWhatBothEnginesTakeAndWhatTheViewsCanStop() =>
        AssertNone(Sources(data: true).Where(file => Path.GetFileName(file) != "Statement.cs").Concat(Migrations()), Refused());

    [Fact]
    public void WhoReadsAcrossStudiosSaysSo() => Assert.DoesNotContain(
        Sources(data: false), (string file) => File.ReadAllText(file) is var text && AcrossView().IsMatch(text) && !text.Contains("AcrossTenants(", StringComparison.Ordinal));

    [Fact]
    public void WhatAPersonReadsAcrossStudiosIsNotWrittenThere() => AssertNone(Sources(data: false), WriteAcross());

    [Theory]
    [InlineData("UPDATE memberships_mine SET roles = ''", true)]
    [InlineData("INSERT INTO memberships_across (tenant_id)", true)]
    [InlineData("DELETE FROM `memberships_mine`", true)]
    [InlineData("SELECT roles FROM memberships_mine", false)]
    [InlineData("UPDATE memberships SET roles = ''", false)]
    public void AWriteAcrossStudiosIsRecognized(string text, bool found) => Assert.Equal(found, WriteAcross().IsMatch(text));

    [Theory]
    [InlineData("FROM bookings_rows b", true)]
    [InlineData("FROM `bookings_rows`", true)]
    [InlineData("FROM bookings", false)]
    public void ATableBehindAViewIsRecognized(string text, bool found) => Assert.Equal(found, TableBehindAView().IsMatch(text));

    [Theory]
    [InlineData("""tx.Execute($"SELECT {column} FROM x")""", true)]
    [InlineData(""""tx.Execute($"""  DELETE FROM {table}""")"""", true)]
    [InlineData("""tx.Execute("SELECT id FROM x WHERE name = '" + name)""", true)]
    [InlineData("""tx.Execute("SELECT id FROM x WHERE name = @Name")""", false)]
    [InlineData("""Problem($"Select {what} from the list")""", false)]
    public void BuiltSqlIsRecognized(string text, bool found) => Assert.Equal(found, Built().IsMatch(text));

    [Theory]
    [InlineData("INSERT IGNORE INTO x", true)]
    [InlineData("REPLACE INTO x", true)]
    [InlineData("INSERT INTO x VALUES (1) RETURNING id", true)]
    [InlineData("COLLATE utf8mb4_0900_ai_ci", true)]
    [InlineData("SELECT MD5(name)", true)]
    [InlineData("MD5.HashData(bytes)", false)]
    [InlineData("// returning what was found", false)]
    public void RefusedSqlIsRecognized(string text, bool found) => Assert.Equal(found, Refused().IsMatch(text));

    private static void AssertNone(IEnumerable<string> files, Regex pattern) => Assert.Empty(
        files.SelectMany(file => pattern.Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(Checkout.Root, file)}: {match.Value}")));

    private static IEnumerable<string> Sources(bool data) =>
        Files("*.cs").Where(file => data || !file.Contains($"{Path.DirectorySeparatorChar}libraries{Path.DirectorySeparatorChar}Data{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static IEnumerable<string> Migrations() => Files("*.sql");

    private static IEnumerable<string> Files(string pattern) =>
        new[] { "libraries", "services", "FitFlow.ServiceDefaults", "bench" }
            .Select(folder => Path.Combine(Checkout.Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories));

    [GeneratedRegex(@"\w+_rows\b", RegexOptions.None, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex TableBehindAView();

    [GeneratedRegex(@"\w+_across\b", RegexOptions.None, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex AcrossView();

    [GeneratedRegex(@"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+`?\w+_(mine|across)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex WriteAcross();

    [GeneratedRegex(@"\.BeginTransaction(Async)?\(|\bSTART TRANSACTION\b|\bnew TransactionScope\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Begin();

    [GeneratedRegex("""\$+@?"+\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s[^"]*\{|"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s[^"\n]*"\s*\+""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Built();

    [GeneratedRegex(@"\bRETURNING\b|utf8mb4_0900|\b(INSERT|UPDATE)\s+IGNORE\b|\bREPLACE\s+INTO\b|\bMD5\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Refused();
}
