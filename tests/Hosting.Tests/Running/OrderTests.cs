using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace FitFlow.Hosting.Tests.Running;

public sealed class OrderTests
{
    [Fact]
    public async Task WhatWaitsStartsWhenWhatItWaitsForIsHealthyOrDone()
    {
        using var scratch = new Scratch();
        var trace = scratch.At("trace");
        await using var app = await LocalApplication.Start(builder =>
        {
            var service = builder.AddEchoService("service");
            var once = builder.AddScript("once", $"sleep 0.3; echo once >> {trace}").WaitFor(service);
            var after = builder.AddScript("after", $"echo after >> {trace}; exec sleep 100").WaitForCompletion(once);
            builder.AddScript("last", $"echo last >> {trace}; exec sleep 100").WaitFor(after);
        });

        await app.Healthy("last");

        Assert.Equal(["once", "after", "last"], await File.ReadAllLinesAsync(trace));
        Assert.Equal("Finished", await app.State("once", KnownResourceStates.Finished));
    }

    [Fact]
    public async Task WhatDoesNotWaitStartsAtTheSameTime()
    {
        using var scratch = new Scratch();
        var meeting = scratch.Root;
        // Each ends only when the other has begun.
        await using var app = await LocalApplication.Start(builder =>
        {
            var one = builder.AddScript("one", $"touch {meeting}/one; while [ ! -e {meeting}/other ]; do sleep 0.02; done");
            var other = builder.AddScript("other", $"touch {meeting}/other; while [ ! -e {meeting}/one ]; do sleep 0.02; done");
            builder.AddScript("both", "exec sleep 100").WaitForCompletion(one).WaitForCompletion(other);
        });

        await app.Healthy("both");
    }

    [Fact]
    public async Task AOneShotThatFailsIsTheReasonAndNothingAfterItStarts()
    {
        await using var app = await LocalApplication.Start(builder =>
        {
            var once = builder.AddEcho("once").WithArgs("once", "7");
            builder.AddScript("after", "exec sleep 100").WaitForCompletion(once);
        });

        var reason = await app.FailsBecause("once");

        Assert.Equal("once ended with exit code 7: ran once as ", reason[..reason.IndexOf("as ", StringComparison.Ordinal)] + "as ");
        Assert.EndsWith("what it was to do could not be done", reason);
        Assert.Equal("Waiting", app.Written("after")["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task AnExpectedExitCodeIsNoFailure()
    {
        await using var app = await LocalApplication.Start(builder =>
        {
            var once = builder.AddScript("once", "exit 3");
            builder.AddScript("after", "exec sleep 100").WaitForCompletion(once, exitCode: 3);
        });

        await app.Healthy("after");
    }

    [Fact]
    public async Task StoppingGoesTheOtherWayRound()
    {
        using var scratch = new Scratch();
        var trace = scratch.At("trace");
        await using (var app = await LocalApplication.Start(builder =>
        {
            var below = builder.AddScript("below", $"trap 'echo below >> {trace}; exit 0' TERM; touch {scratch.At("below-is-ready")}; while :; do sleep 0.05; done");
            builder.AddScript("above", $"trap 'sleep 0.2; echo above >> {trace}; exit 0' TERM; touch {scratch.At("above-is-ready")}; while :; do sleep 0.05; done").WaitFor(below);
        }))
        {
            await Eventually.Holds(() => File.Exists(scratch.At("below-is-ready")) && File.Exists(scratch.At("above-is-ready")), "both have set their traps");
        }

        Assert.Equal(["above", "below"], await File.ReadAllLinesAsync(trace));
    }
}
