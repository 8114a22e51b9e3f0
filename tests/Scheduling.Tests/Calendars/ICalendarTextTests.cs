using System.Text;
using FitFlow.Scheduling.Features.Calendars;
using FsCheck;
using FsCheck.Fluent;

namespace FitFlow.Scheduling.Tests.Calendars;

public sealed class ICalendarTextTests
{
    private static readonly Arbitrary<string> Texts = Gen.OneOf(
            Gen.Elements("a", "b ", "é", "ß", "中", "🏋️", "👩‍👩‍👧", ",", ";", "\\", "\n", "\r\n", "\\n", "\t", ":", "\"", "\u0007", "\u0000", "\uD83C", "\u2028"))
        .ListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void NoLineIsLongerThan75OctetsAndNoCharacterIsSplit() => Prop.ForAll(Texts, text =>
    {
        var written = new ICalendarText().Line("SUMMARY", ICalendarText.Escape(text)).ToString();

        Assert.EndsWith("\r\n", written, StringComparison.Ordinal);
        foreach (var line in written[..^2].Split("\r\n"))
        {
            Assert.DoesNotContain('\n', line);
            Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 75);
            // Half of a character would be two of these.
            Assert.Equal(line, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line)));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void WhatWasWrittenIsWhatIsRead() => Prop.ForAll(Texts, text =>
    {
        var written = new ICalendarText().Line("SUMMARY", ICalendarText.Escape(text)).ToString();

        var value = written[..^2].Replace("\r\n ", "", StringComparison.Ordinal)["SUMMARY:".Length..];
        Assert.Equal(Plain(text), Unescaped(value));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(67)]
    [InlineData(68)]
    public void ALineThatJustFitsIsNotFolded(int letters)
    {
        var written = new ICalendarText().Line("SUMMARY", new string('a', letters)).ToString();

        Assert.Equal(letters == 67 ? 1 : 2, written.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// Without what has no place in a calendar, and with line ends of one kind.
    private static string Plain(string text) => string.Concat(
        text.ReplaceLineEndings("\n").EnumerateRunes().Where(rune => rune.Value is '\n' or '\t' or (>= ' ' and not 0x7F)).Select(rune => rune.ToString()));

    private static string Unescaped(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\') text.Append(value[i]);
            else text.Append(value[++i] == 'n' ? '\n' : value[i]);
        }

        return text.ToString();
    }
}
