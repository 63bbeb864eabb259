package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/tracing"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/argo/diff"
	"github.com/argoproj/argo-cd/v3/util/argo/normalizers"
)

// A difference is an object that Argo CD would show as OutOfSync.
type difference struct {
	Kind      string          `json:"kind"`
	Name      string          `json:"name"`
	Live      json.RawMessage `json:"live"`
	Predicted json.RawMessage `json:"predicted"`
}

// diffs compares as the application controller does for `ServerSideApply=true`.
func diffs(arguments []string) (any, error) {
	config, err := clientcmd.BuildConfigFromFlags("", arguments[0])
	if err != nil {
		return nil, err
	}
	targets, err := readObjects(arguments[1])
	if err != nil {
		return nil, err
	}
	kubectl := &kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}
	_, parser, err := kubectl.LoadOpenAPISchema(config)
	if err != nil {
		return nil, err
	}
	lives := make([]*unstructured.Unstructured, len(targets))
	for i, target := range targets {
		lives[i], err = kubectl.GetResource(
			context.Background(), config, target.GroupVersionKind(), target.GetName(), target.GetNamespace())
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", target.GetKind(), target.GetName(), err)
		}
	}
	settings, err := diff.NewDiffConfigBuilder().
		WithDiffSettings(nil, nil, true, normalizers.IgnoreNormalizerOpts{}).
		WithTracking("", "annotation").
		WithNoCache().
		WithGVKParser(parser).
		WithManager(common.ArgoCDSSAManager).
		WithStructuredMergeDiff(true).
		Build()
	if err != nil {
		return nil, err
	}
	results, err := diff.StateDiffs(lives, targets, settings)
	if err != nil {
		return nil, err
	}
	found := []difference{}
	for i, result := range results.Diffs {
		if result.Modified {
			found = append(found, difference{
				targets[i].GetKind(), targets[i].GetName(), result.NormalizedLive, result.PredictedLive})
		}
	}
	return found, nil
}
