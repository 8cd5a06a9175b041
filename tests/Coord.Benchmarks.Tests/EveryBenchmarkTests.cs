using System.Reflection;
using BenchmarkDotNet.Attributes;
using Coord.Protocol;

namespace Coord.Benchmarks.Tests;

/// <summary>Each benchmark runs, twice as it would in a loop, and does what it measures.</summary>
public class EveryBenchmarkTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var method in typeof(CodecBenchmarks).Assembly.GetTypes().SelectMany(type => type.GetMethods()))
            {
                if (method.IsDefined(typeof(BenchmarkAttribute)))
                    all.Add(method.DeclaringType!.FullName!, method.Name);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_benchmark_does_its_work_each_time(string type, string method)
    {
        var benchmarks = typeof(CodecBenchmarks).Assembly.GetType(type)!;
        var instance = Activator.CreateInstance(benchmarks)!;
        try
        {
            Run<GlobalSetupAttribute>(instance);
            for (var time = 0; time < 2; time++)
                AssertDone(benchmarks.GetMethod(method)!.Invoke(instance, null));
        }
        finally
        {
            Run<GlobalCleanupAttribute>(instance);
        }
    }

    // Errors, counts of nothing and refusals are quick: a benchmark that meets them measures something else.
    private static void AssertDone(object? result)
    {
        if (result is ErrorCode error)
            Assert.Equal(ErrorCode.Ok, error);
        else if (result is bool isDone)
            Assert.True(isDone);
        else
            Assert.NotEqual(0, Convert.ToDecimal(result, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void Run<TAttribute>(object instance)
        where TAttribute : Attribute
    {
        foreach (var method in instance.GetType().GetMethods().Where(m => m.IsDefined(typeof(TAttribute))))
            method.Invoke(instance, null);
    }
}
