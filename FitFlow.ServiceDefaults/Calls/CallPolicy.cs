using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FitFlow.ServiceDefaults;

/// <summary>How patient calls to other services are (section <c>Calls</c>).</summary>
public sealed class CallOptions
{
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    public int Retries { get; set; } = 3;

    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    public double BreakerRatio { get; set; } = 0.5;

    public int BreakerCalls { get; set; } = 10;

    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan BreakerOpen { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Retry, breaker and timeout for calls to one service; one for all its clients in this process, or the breaker would learn nothing.</summary>
internal sealed partial class CallPolicy
{
    public static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ILogger _logger;

    public CallPolicy(string target, CallOptions options, TimeProvider clock, ILogger logger)
    {
        Target = target;
        _logger = logger;
        Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                UseJitter = true,
                ShouldHandle = call => new(IsTransient(call.Outcome) && MayRepeat(call.Context, call.Outcome)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = options.BreakerRatio,
                MinimumThroughput = options.BreakerCalls,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerOpen,
                StateProvider = _breaker,
                ShouldHandle = call => new(IsTransient(call.Outcome)),
                OnOpened = _ => Say(LogOpened),
                OnClosed = _ => Say(LogClosed),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout })
            .Build();
    }

    public string Target { get; }

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    /// <summary>0 closed, 1 half open, 2 open.</summary>
    public int BreakerState => _breaker.CircuitState switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Exception: not null } => outcome.Exception.IsConnectFailure(),
        { Result.StatusCode: HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private static bool MayRepeat(ResilienceContext context, Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception.IsConnectFailure() || (context.Properties.TryGetValue(Request, out var request) && request.MayRepeat());

    private ValueTask Say(Action<string> log)
    {
        log(Target);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "{Target} fails too often: not calling it for a while")]
    private partial void LogOpened(string target);

    [LoggerMessage(LogLevel.Information, "{Target} answers again")]
    private partial void LogClosed(string target);
}
