using System.ComponentModel.DataAnnotations;

namespace FitFlow.Scheduling.Features.SessionTypes;

/// In minor units: 4500 CAD are 45 dollars.
internal sealed record Money([Range(0, 10_000_000)] long Amount, [Required, StringLength(3)] string Currency);
