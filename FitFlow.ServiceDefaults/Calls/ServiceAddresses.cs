using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace FitFlow.ServiceDefaults;

/// <summary>Where the other services are: <c>services__{name}__{scheme}__{i}</c>, as the AppHost hands it out.</summary>
public sealed class ServiceAddresses(IConfiguration configuration, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Scheme, string Service), AddressPool> _pools = new();

    /// <summary>Every address of the service; none if it was not given to this one.</summary>
    public IReadOnlyList<Uri> Of(string service, string scheme = "http") => PoolOf(scheme, service).Addresses;

    /// <summary>A wrong address is found at the start and not by the first who needs it.</summary>
    internal void Check()
    {
        foreach (var service in configuration.GetSection("services").GetChildren())
        {
            foreach (var scheme in service.GetChildren()) _ = PoolOf(scheme.Key, service.Key);
        }
    }

    internal AddressPool PoolOf(string scheme, string service) => _pools.GetOrAdd((scheme, service), key => new AddressPool(Read(key), clock));

    private IEnumerable<Uri> Read((string Scheme, string Service) key) => configuration
        .GetSection($"services:{key.Service}:{key.Scheme}").GetChildren()
        .Where(address => !string.IsNullOrWhiteSpace(address.Value))
        .Select(address => Uri.TryCreate(address.Value, UriKind.Absolute, out var uri)
            ? uri
            : throw new CannotStartException($"services__{key.Service}__{key.Scheme}__{address.Key} is no address: {address.Value}"));
}

/// <summary>The addresses of one service, and which of them to use next.</summary>
internal sealed class AddressPool(IEnumerable<Uri> addresses, TimeProvider clock)
{
    private static readonly TimeSpan EjectedFor = TimeSpan.FromSeconds(5);

    private readonly Address[] _all = [.. addresses.Select(uri => new Address(uri))];

    public IReadOnlyList<Uri> Addresses => [.. _all.Select(address => address.Uri)];

    public int Count => _all.Length;

    /// <summary>The less busy of two taken by chance, among those that answered lately; if none did, the one that has rested longest.</summary>
    public Address Pick()
    {
        var now = clock.GetTimestamp();
        var healthy = Array.FindAll(_all, address => address.RestsUntil <= now);
        if (healthy.Length == 0) return _all.MinBy(address => address.RestsUntil)!;
        if (healthy.Length == 1) return healthy[0];

        var first = Random.Shared.Next(healthy.Length);
        var second = (first + 1 + Random.Shared.Next(healthy.Length - 1)) % healthy.Length;
        return healthy[first].InFlight <= healthy[second].InFlight ? healthy[first] : healthy[second];
    }

    public void Eject(Address address) => address.RestsUntil = clock.GetTimestamp() + (long)(EjectedFor.TotalSeconds * clock.TimestampFrequency);

    internal sealed class Address(Uri uri)
    {
        private int _inFlight;
        private long _restsUntil;

        public Uri Uri => uri;

        public int InFlight => Volatile.Read(ref _inFlight);

        public long RestsUntil
        {
            get => Volatile.Read(ref _restsUntil);
            set => Volatile.Write(ref _restsUntil, value);
        }

        public void Enter() => Interlocked.Increment(ref _inFlight);

        public void Leave() => Interlocked.Decrement(ref _inFlight);
    }
}

internal sealed class AddressAudit(ServiceAddresses addresses) : LifecycleService
{
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        addresses.Check();
        return Task.CompletedTask;
    }
}
