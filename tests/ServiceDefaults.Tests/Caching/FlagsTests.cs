using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.ServiceDefaults.Tests.Caching;

public sealed class FlagsTests : IAsyncLifetime
{
    private readonly string _flag = $"flag-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
    private readonly Guid _studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly Guid _other = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly ManualClock _clock = new();
    private readonly ConfigurationManager _configuration = new();
    private CuttableProxy _proxy = null!;
    private Redis _redis = null!;

    private Flags Flags => field ??= new Flags(_redis, _configuration, _clock);

    public ValueTask InitializeAsync()
    {
        (_proxy, var connectionString) = CuttableProxy.For(Servers.Redis);
        _redis = new Redis(connectionString, TimeProvider.System, NullLogger<Redis>.Instance, TimeSpan.FromSeconds(20));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task TheConfigurationSaysItForAllOrForSome()
    {
        Assert.False(await Flags.IsOn(_flag, _studio));
        _configuration[$"Flags:{_flag}"] = "true";
        Assert.True(await Flags.IsOn(_flag, _studio));
        _configuration[$"Flags:{_flag}"] = $"{_studio}, {Guid.Empty}";
        Assert.True(await Flags.IsOn(_flag, _studio));
        Assert.False(await Flags.IsOn(_flag, _other));
    }

    [Fact]
    public async Task WhatIsSaidForOneStudioGoesBeforeWhatIsSaidForAll()
    {
        await Flags.Set(_flag, studio: null, on: true, default);
        await Flags.Set(_flag, _studio, on: false, default);
        Assert.False(await Flags.IsOn(_flag, _studio));
        Assert.True(await Flags.IsOn(_flag, _other));

        await Flags.Set(_flag, _studio, on: null, default);
        await Flags.Set(_flag, studio: null, on: null, default);
        Assert.False(await Flags.IsOn(_flag, _other));
    }

    [Fact]
    public async Task OtherReplicasFollowAndWithoutRedisAllStaysAsItWas()
    {
        var replica = new Flags(_redis, _configuration, _clock);
        Assert.False(await replica.IsOn(_flag, _studio));
        await Flags.Set(_flag, _studio, on: true, default);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await replica.IsOn(_flag, _studio));

        _proxy.Cut();
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await replica.IsOn(_flag, _studio));
        _proxy.Restore();
        await Eventually.Holds(async () =>
        {
            try
            {
                await Flags.Set(_flag, _studio, on: null, default);
                return true;
            }
            catch (DependencyDownException)
            {
                return false;
            }
        }, "it is taken back");
    }
}
