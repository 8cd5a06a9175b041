using Coord.Protocol;

namespace Coord.Client;

/// <summary>Checks the ranges of all options and reports every problem at once.</summary>
internal static class OptionChecks
{
    internal static List<string> Problems(CoordClientOptions options)
    {
        var problems = new List<string>();
        var second = TimeSpan.FromSeconds(1);
        var minute = TimeSpan.FromMinutes(1);
        Within(nameof(options.SessionTimeout), options.SessionTimeout, second, 5 * minute);
        Within(nameof(options.ConnectTimeout), options.ConnectTimeout, second / 10, minute);
        if (options.RequestTimeout != Timeout.InfiniteTimeSpan)
            Within(nameof(options.RequestTimeout), options.RequestTimeout, second / 10, 60 * minute);
        Within(nameof(options.SessionDeadlineMargin), options.SessionDeadlineMargin, 0, 0.5);
        Within("Retry.FirstDelay", options.Retry.FirstDelay, second / 1000, minute);
        Within("Retry.MaxDelay", options.Retry.MaxDelay, options.Retry.FirstDelay, 10 * minute);
        Within(nameof(options.MaxInFlight), options.MaxInFlight, 1, 100_000);
        Within(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1, 64 * 1024 * 1024);
        Within(nameof(options.MaxReplyBytes), options.MaxReplyBytes, 64 * 1024, 1024 * 1024 * 1024);
        Within(nameof(options.ClientName), options.ClientName!.Length, 1, CoordClientOptions.ClientNameMaxLength);
        if (!Enum.IsDefined(options.SessionProof))
            problems.Add("SessionProof is not one of its values.");
        if (!Enum.IsDefined(options.ReadConsistency))
            problems.Add("ReadConsistency is not one of its values.");
        if (options.DefaultAcl.Count == 0)
            problems.Add("DefaultAcl must have an entry.");
        if (options.ReceiptPath is null or "/" || !PathRules.Validate(options.ReceiptPath, out _, out _))
            problems.Add("ReceiptPath must be a valid path below the root.");
        return problems;

        void Within<T>(string name, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                problems.Add($"{name} is {value} and must be within {least} to {most}.");
        }
    }
}
