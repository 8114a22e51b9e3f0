namespace FitFlow.ServiceDefaults;

/// <summary>
/// Sends <c>http://identity/…</c> to one of Identity's addresses. One that cannot be connected to rests for a while, and since nothing was sent
/// yet the next is tried at once, whatever the method.
/// </summary>
internal sealed class Balancing(ServiceAddresses addresses) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri ?? throw new InvalidOperationException("A request needs an address.");
        var pool = addresses.PoolOf(asked.Scheme, asked.Host);
        if (pool.Count == 0) return await base.SendAsync(request, cancellationToken);

        for (var tried = 1; ; tried++)
        {
            var address = pool.Pick();
            address.Enter();
            try
            {
                request.RequestUri = new Uri(address.Uri, asked.PathAndQuery);
                return await base.SendAsync(request, cancellationToken);
            }
            catch (Exception exception) when (exception.IsConnectFailure())
            {
                pool.Eject(address);
                if (tried >= pool.Count) throw;
            }
            finally
            {
                address.Leave();
                request.RequestUri = asked;
            }
        }
    }
}

internal static class ConnectFailures
{
    /// <summary>No connection came about, so that the other side has seen nothing of the request.</summary>
    public static bool IsConnectFailure(this Exception? exception) => exception is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        or TaskCanceledException { InnerException: TimeoutException };
}
