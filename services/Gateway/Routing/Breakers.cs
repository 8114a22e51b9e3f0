using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Polly;
using Polly.CircuitBreaker;
using Yarp.ReverseProxy.Forwarder;

namespace FitFlow.Gateway.Routing;

/// One breaker for each service: one that does not answer is not asked for a while, and whoever wants something of it is told at once.
internal sealed partial class Breakers
{
    private static readonly ResiliencePropertyKey<(HttpContext Http, RequestDelegate Next)> Request = new("request");

    private readonly FrozenDictionary<string, (ResiliencePipeline<bool> Pipeline, CircuitBreakerStateProvider State)> _breakers;
    private readonly ILogger<Breakers> _logger;

    public Breakers(IConfiguration configuration, TimeProvider clock, IMeterFactory meters, ILogger<Breakers> logger)
    {
        _logger = logger;
        _breakers = Routes.AllServices.ToFrozenDictionary(service => service, service => Build(service, Patience.With(service, configuration), clock));
        meters.Create("FitFlow.Gateway").CreateObservableGauge(
            "fitflow.gateway.breaker",
            () => _breakers.Select(breaker => new Measurement<int>(Number(breaker.Value.State.CircuitState), new KeyValuePair<string, object?>("to", breaker.Key))),
            description: "0 closed, 1 half open, 2 open");
    }

    public async Task Guard(HttpContext http, RequestDelegate next)
    {
        var proxy = http.GetReverseProxyFeature();
        var service = proxy.Cluster.Config.ClusterId;
        var (pipeline, state) = _breakers[service];
        if (proxy.AllDestinations.Count == 0 || (IsUpgrade(http) && state.CircuitState != CircuitState.Open))
        {
            // A connection that stays open for hours says nothing about the service until it ends.
            await next(http);
            return;
        }

        var context = ResilienceContextPool.Shared.Get(http.RequestAborted);
        context.Properties.Set(Request, (http, next));
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (context, _) => Attempt(context), context, state: 0);
            if (outcome.Exception is BrokenCircuitException open) throw new DependencyDownException(service, open) { RetryAfter = open.RetryAfter };
            if (outcome.Exception is { } exception) ExceptionDispatchInfo.Throw(exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<bool>> Attempt(ResilienceContext context)
    {
        var (http, next) = context.Properties.GetValue(Request, default);
        try
        {
            await next(http);
            return Outcome.FromResult(IsTheServicesFault(http));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<bool>(exception);
        }
    }

    /// It could not be reached, broke off or took too long. What it answers, also a 500, is an answer.
    private static bool IsTheServicesFault(HttpContext http) => http.GetForwarderErrorFeature()?.Error
        is ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.ResponseHeaders
        or ForwarderError.RequestBodyDestination or ForwarderError.ResponseBodyDestination
        && Proxy.BadRequestIn(http) is null;

    private static bool IsUpgrade(HttpContext http) => http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };

    private static int Number(CircuitState state) => state switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    private (ResiliencePipeline<bool> Pipeline, CircuitBreakerStateProvider State) Build(string service, Patience patience, TimeProvider clock)
    {
        var state = new CircuitBreakerStateProvider();
        var pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = patience.BreakerRatio,
                MinimumThroughput = patience.BreakerCalls,
                SamplingDuration = patience.BreakerWindow,
                BreakDuration = patience.BreakerOpen,
                StateProvider = state,
                ShouldHandle = call => new(call.Outcome is { Exception: null, Result: true }),
                OnOpened = _ => Say(LogOpened, service),
                OnClosed = _ => Say(LogClosed, service),
            })
            .Build();
        return (pipeline, state);
    }

    private static ValueTask Say(Action<string> log, string service)
    {
        log(service);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "{Service} fails too often: not asking it for a while")]
    private partial void LogOpened(string service);

    [LoggerMessage(LogLevel.Information, "{Service} answers again")]
    private partial void LogClosed(string service);
}
