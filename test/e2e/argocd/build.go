package main

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/git"
	"github.com/argoproj/argo-cd/v3/util/kustomize"
	"github.com/argoproj/argo-cd/v3/util/settings"
)

// build renders as the repo server does for an Application that names a version of kustomize.
func build(arguments []string) (any, error) {
	repository, path, configMap, version := arguments[0], arguments[1], arguments[2], arguments[3]
	program, options, err := kustomizeOf(configMap, version)
	if err != nil {
		return nil, err
	}
	app := kustomize.NewKustomizeApp(repository, path, git.NopCreds{}, "", program, "", "")
	objects, _, _, err := app.Build(nil, options, nil, nil)
	return objects, err
}

// kustomizeOf reads argocd-cm for the program of a version.
func kustomizeOf(file, version string) (string, *v1alpha1.KustomizeOptions, error) {
	var found corev1.ConfigMap
	if err := readStrict(file, &found); err != nil {
		return "", nil, err
	}
	found.ObjectMeta = metav1.ObjectMeta{
		Name: common.ArgoCDConfigMapName, Namespace: "argocd", Labels: map[string]string{"app.kubernetes.io/part-of": "argocd"},
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{
		Name: common.ArgoCDSecretName, Namespace: "argocd", Labels: found.Labels,
	}}
	manager := settings.NewSettingsManager(context.Background(), fake.NewClientset(&found, secret), "argocd")
	options, err := manager.GetKustomizeSettings()
	if err != nil {
		return "", nil, err
	}
	source := v1alpha1.ApplicationSource{Kustomize: &v1alpha1.ApplicationSourceKustomize{Version: version}}
	program, err := settings.GetKustomizeBinaryPath(options, source)
	return program, options, err
}
