using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polly;

namespace FitFlow.ServiceDefaults;

/// <summary>The policies of every service that this one calls, and what they measure.</summary>
internal sealed class CallPolicies
{
    private readonly ConcurrentDictionary<string, CallPolicy> _policies = new(StringComparer.Ordinal);
    private readonly Func<string, CallPolicy> _create;
    private readonly Histogram<double> _duration;
    private readonly string _self;

    public CallPolicies(ServiceName self, CallOptions options, TimeProvider clock, ILogger<CallPolicy> logger, IMeterFactory meters)
    {
        _self = self.Value;
        _create = target => new CallPolicy(target, options, clock, logger);
        var meter = meters.Create("FitFlow.Calls");
        _duration = meter.CreateHistogram<double>("fitflow.calls.duration", "s", "How long a call to another service takes, retries and all");
        meter.CreateObservableGauge("fitflow.calls.breaker", ReadBreakers, description: "0 closed, 1 half open, 2 open");
    }

    public CallPolicy For(string target) => _policies.GetOrAdd(target, _create);

    public void Measure(string target, TimeSpan took, string outcome) => _duration.Record(
        took.TotalSeconds, new TagList { { "from", _self }, { "to", target }, { "outcome", outcome } });

    private IEnumerable<Measurement<int>> ReadBreakers() => _policies.Values.Select(policy => new Measurement<int>(
        policy.BreakerState, new KeyValuePair<string, object?>("from", _self), new KeyValuePair<string, object?>("to", policy.Target)));
}

/// <summary>Calls one service by its policy. What fails in the end, whichever way, is a <see cref="DependencyDownException"/>.</summary>
internal sealed class ResilientCalls(string target, CallPolicies policies) : DelegatingHandler
{
    private const long MaxAnswer = 16 * 1024 * 1024;

    private readonly CallPolicy _policy = policies.For(target);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CallPolicy.Request, request);
        try
        {
            var outcome = await _policy.Pipeline.ExecuteOutcomeAsync(Attempt, context, request);
            cancellationToken.ThrowIfCancellationRequested();
            return Settle(outcome, started);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> Attempt(ResilienceContext context, HttpRequestMessage request)
    {
        try
        {
            var response = await base.SendAsync(request, context.CancellationToken);
            // The body belongs to the attempt: it is timed, and tried again, with it.
            await response.Content.LoadIntoBufferAsync(MaxAnswer, context.CancellationToken);
            return Outcome.FromResult(response);
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    private HttpResponseMessage Settle(Outcome<HttpResponseMessage> outcome, long started)
    {
        var failed = outcome.Exception is not null || CallPolicy.IsTransient(outcome);
        policies.Measure(target, Stopwatch.GetElapsedTime(started), failed ? "failed" : "answered");
        if (!failed) return outcome.Result!;

        var status = outcome.Result?.StatusCode;
        outcome.Result?.Dispose();
        if (outcome.Exception is DependencyDownException) throw outcome.Exception; // Nobody was called: there was no token to call with.
        throw new DependencyDownException(target, outcome.Exception ?? new HttpRequestException($"{target} answered {(int?)status}.", inner: null, status));
    }
}
