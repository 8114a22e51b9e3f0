using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.ServiceDefaults.Tests.Caching;

public sealed class FlagsTests : IAsyncLifetime
{
    private readonly string flag = $"flag-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private readonly Guid studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly Guid other = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly ManualClock clock = new();
    private readonly ConfigurationManager configuration = new();
    private CuttableProxy proxy = null!;
    private Redis redis = null!;

    private Flags Flags => field ??= new Flags(redis, configuration, clock);

    public ValueTask InitializeAsync()
    {
        (proxy, var connectionString) = CuttableProxy.For(Servers.Redis);
        redis = new Redis(connectionString, TimeProvider.System, NullLogger<Redis>.Instance, TimeSpan.FromSeconds(20));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Fact]
    public async Task TheConfigurationSaysItForAllOrForSome()
    {
        Assert.False(await Flags.IsOn(flag, studio));
        configuration[$"Flags:{flag}"] = "true";
        Assert.True(await Flags.IsOn(flag, studio));
        configuration[$"Flags:{flag}"] = $"{studio}, {Guid.Empty}";
        Assert.True(await Flags.IsOn(flag, studio));
        Assert.False(await Flags.IsOn(flag, other));
    }

    [Fact]
    public async Task WhatIsSaidForOneStudioGoesBeforeWhatIsSaidForAll()
    {
        await Flags.Set(flag, studio: null, on: true, default);
        await Flags.Set(flag, studio, on: false, default);
        Assert.False(await Flags.IsOn(flag, studio));
        Assert.True(await Flags.IsOn(flag, other));

        await Flags.Set(flag, studio, on: null, default);
        await Flags.Set(flag, studio: null, on: null, default);
        Assert.False(await Flags.IsOn(flag, other));
    }

    [Fact]
    public async Task OtherReplicasFollowAndWithoutRedisAllStaysAsItWas()
    {
        var replica = new Flags(redis, configuration, clock);
        Assert.False(await replica.IsOn(flag, studio));
        await Flags.Set(flag, studio, on: true, default);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await replica.IsOn(flag, studio));

        proxy.Cut();
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await replica.IsOn(flag, studio));
        proxy.Restore();
        await Eventually.Holds(async () =>
        {
            try
            {
                await Flags.Set(flag, studio, on: null, default);
                return true;
            }
            catch (DependencyDownException)
            {
                return false;
            }
        }, "it is taken back");
    }
}
