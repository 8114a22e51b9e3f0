using Microsoft.Playwright;
using Xunit.Sdk;

namespace FitFlow.EndToEnd.Tests;

/// That the browser tells on the pages it shows: no test of a page is worth more than this.
public sealed class BrowserTests(Browser browser)
{
    [Fact]
    public async Task APageIsShownAndReadWithRealLetters()
    {
        var picture = await browser.Visit(Page("<h1>Zoë, naïve façade, 42 €</h1><canvas></canvas>"), async visit =>
        {
            await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "naïve façade" }).WaitForAsync();
            // Without a font every letter is the same box, or nothing.
            Assert.True(await visit.Page.EvaluateAsync<bool>(
                """
                () => {
                  const brush = document.querySelector('canvas').getContext('2d');
                  const drawn = letter => {
                    brush.clearRect(0, 0, 300, 150);
                    brush.font = '40px sans-serif';
                    brush.fillText(letter, 50, 100);
                    return brush.getImageData(0, 0, 300, 150).data.join();
                  };
                  return new Set(['E', 'é', 'W', '€', ' ', '\uFFFE'].map(drawn)).size === 6;
                }
                """));
            return await visit.Screenshot("whole");
        });

        Assert.True(new FileInfo(picture).Length > 1_000);
    }

    [Theory]
    [InlineData("console.error('something is wrong')", "something is wrong")]
    [InlineData("setTimeout(() => { throw new Error('nobody caught this') }, 0)", "nobody caught this")]
    [InlineData("Promise.reject(new Error('nor this'))", "nor this")]
    public async Task WhatAPageComplainsAboutFailsTheTest(string script, string complaint)
    {
        var failure = await Assert.ThrowsAsync<FailException>(() => browser.Visit(
            Page($"<script>{script}</script>"), async visit => await visit.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 100))")));

        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task WhatIsForgivenDoesNot() => browser.Visit(Page("<script>console.error('as expected: 401')</script>"), visit =>
    {
        visit.Forgive("401");
        return Task.CompletedTask;
    });

    [Fact]
    public async Task AStoryThatFailsSaysWhyAndLeavesAPicture()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => browser.Visit(
            Page("<script>console.error('beside the point')</script>"), Task (_) => throw new InvalidOperationException("the story's own")));

        Assert.Equal("the story's own", failure.Message);
        var picture = Path.Combine(AppContext.BaseDirectory, "../../../screenshots", $"{nameof(BrowserTests)}.{nameof(AStoryThatFailsSaysWhyAndLeavesAPicture)}.failed.png");
        Assert.True(File.Exists(picture));
    }

    [Fact]
    public async Task TwoVisitorsShareNothing()
    {
        await using var site = await Site.Start("<p>a page</p>");
        await browser.Visit(site.Address, async ada =>
        {
            await ada.Page.EvaluateAsync("() => { document.cookie = 'who=ada'; localStorage.setItem('who', 'ada') }");
            await browser.Visit(site.Address, async eve =>
                (await eve.Page.EvaluateAsync<string>("() => document.cookie + localStorage.getItem('who')")).ShouldBe("null"));
        });
    }

    private static Uri Page(string html) => new($"data:text/html;charset=utf-8,{Uri.EscapeDataString(html)}");
}
